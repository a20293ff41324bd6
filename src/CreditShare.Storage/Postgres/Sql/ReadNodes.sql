SELECT id, epoch, applied, clock_timestamp() - seen_at FROM node WHERE seen_at > clock_timestamp() - $1::interval
