SELECT id, epoch, applied, (extract(epoch FROM seen_at) * 1000000)::bigint FROM node WHERE seen_at > clock_timestamp() - $1::interval
