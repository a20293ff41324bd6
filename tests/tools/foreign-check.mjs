// A client of another make: grpc-js with the contract read from its .proto files, as a partner that does not use .NET would write it.
//
// It asks about subjects, one after the other, and prints a line of JSON for each: the answer, or the refusal with its details decoded
// from the trailer `grpc-status-details-bin`. Exit codes: 0 every question was answered or refused, 1 something else went wrong, 2 usage.
//
// Usage: node foreign-check.mjs --modules FOLDER --protos FOLDER --imports FOLDER --server HOST:PORT --identity FOLDER < questions
//
//   --modules   a node_modules folder with @grpc/grpc-js and @grpc/proto-loader
//   --protos    the folder that holds creditshare/v1
//   --imports   the folder that holds google/rpc and google/type
//   --identity  a folder with cert.pem, key.pem and ca.pem
//   questions   CheckSubjectRequest in JSON, one a line

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const DEADLINE_MS = 20_000;
const DETAILS = 'grpc-status-details-bin';
const TYPE_PREFIX = 'type.googleapis.com/';

const names = ['modules', 'protos', 'imports', 'server', 'identity'];
const { values: options } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
const missing = names.filter((name) => options[name] === undefined);
if (missing.length > 0) {
  console.error(`missing: ${missing.map((name) => `--${name}`).join(', ')}`);
  process.exit(2);
}

// Modules are looked up beside a file; this one need not exist.
const require = createRequire(join(options.modules, 'beside.js'));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const contract = loader.loadSync(
  ['creditshare/v1/lookup.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
  { includeDirs: [options.protos, options.imports], keepCase: true, longs: String, enums: String, defaults: false, oneofs: true },
);

/** Decodes google.rpc.Status and what is packed in it, each detail with the name of its type. */
function decodeStatus(bytes) {
  const status = contract['google.rpc.Status'].deserialize(bytes);
  const details = (status.details ?? []).map((any) => {
    const name = any.type_url.slice(TYPE_PREFIX.length);
    return { type: name, value: contract[name].deserialize(any.value) };
  });
  return { code: status.code, message: status.message, details };
}

function connect() {
  const file = (name) => readFileSync(join(options.identity, name));
  const credentials = grpc.credentials.createSsl(file('ca.pem'), file('key.pem'), file('cert.pem'));
  const { LookupService } = grpc.loadPackageDefinition(contract).creditshare.v1;
  return new LookupService(options.server, credentials);
}

function ask(client, question) {
  return new Promise((resolve, reject) => {
    client.CheckSubject(question, { deadline: Date.now() + DEADLINE_MS }, (error, answer) => {
      if (!error) return resolve({ answer });

      const [details] = error.metadata?.get(DETAILS) ?? [];
      return details ? resolve({ code: grpc.status[error.code], refusal: decodeStatus(details) }) : reject(error);
    });
  });
}

const client = connect();
try {
  for (const line of readFileSync(0, 'utf8').split('\n').filter((text) => text.trim().length > 0)) {
    console.log(JSON.stringify(await ask(client, JSON.parse(line))));
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  client.close();
}
