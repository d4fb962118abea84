/** An issuer for tests of the gateway: real keys, real discovery, tokens for anybody. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { audienceOf } from '@convenant/identity';

export interface TokenWishes {
  readonly organisation?: string;
  readonly audience?: string | string[];
  readonly role?: string;
  readonly expiresInSeconds?: number;
  readonly issuer?: string;
  readonly key?: CryptoKey;
  readonly type?: string;
}

export class ExampleIssuer {
  private constructor(
    readonly url: string,
    private readonly key: CryptoKey,
    private readonly server: Server,
  ) {}

  static async start(): Promise<ExampleIssuer> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'example' }] };
    const server = createServer((request, response) => {
      const own = `http://${request.headers.host}`;
      const answer = request.url === '/keys' ? keys : { issuer: own, jwks_uri: `${own}/keys` };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ExampleIssuer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, privateKey, server);
  }

  token(person: string, wishes: TokenWishes = {}): Promise<string> {
    return new SignJWT({ role: wishes.role ?? 'caseManager' })
      .setProtectedHeader({ alg: 'ES256', typ: wishes.type ?? 'at+jwt', kid: 'example' })
      .setIssuer(wishes.issuer ?? this.url)
      .setAudience(wishes.audience ?? audienceOf(wishes.organisation ?? 'ggz-amstel'))
      .setSubject(person)
      .setIssuedAt(Math.floor(Date.now() / 1000) - 10)
      .setExpirationTime(Math.floor(Date.now() / 1000) + (wishes.expiresInSeconds ?? 300))
      .sign(wishes.key ?? this.key);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
