// An identity provider on loopback: one client an algorithm, forms that let anybody in under any
// name. Prints its address and runs until it is ended.

import { createServer } from 'node:http';
import { webcrypto } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [back, secret] = process.argv.slice(2);

const kinds = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  EdDSA: { name: 'Ed25519' },
};

const keys = [];
for (const [name, kind] of Object.entries(kinds)) {
  const pair = await webcrypto.subtle.generateKey(kind, true, ['sign', 'verify']);
  const { key_ops, ext, alg, ...key } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  keys.push({ ...key, use: 'sig', kid: name });
}

const client = (client_id, algorithm, more) => ({
  client_id,
  redirect_uris: [back],
  application_type: 'native',
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: algorithm,
  ...more,
});
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [
      ...algorithms.map((name) => client(name, name, { client_secret: secret })),
      client('public', 'RS256', { token_endpoint_auth_method: 'none' }),
    ],
    enabledJWA: { idTokenSigningAlgValues: [...algorithms, 'HS256'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
