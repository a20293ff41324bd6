SELECT purpose, reference, operator, at, epoch, sequence FROM disclosure WHERE partner = $1 AND answer = $2
