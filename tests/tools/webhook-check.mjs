// Signs and verifies webhooks with the reference library of Standard Webhooks.
// Usage: node webhook-check.mjs NODE_MODULES < questions. A question a line, an answer a line:
// {"sign": {secret, id, timestamp, body}} → {"signature"}, timestamp in seconds;
// {"verify": {secret, body, headers}} → {"valid", "error"}.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const { Webhook } = createRequire(path.join(path.resolve(process.argv[2]), 'index.js'))('standardwebhooks');

function answer({ sign, verify }) {
  if (sign) return { signature: new Webhook(sign.secret).sign(sign.id, new Date(sign.timestamp * 1000), sign.body) };
  try {
    new Webhook(verify.secret).verify(verify.body, verify.headers);
    return { valid: true };
  } catch (error) {
    return { valid: false, error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
