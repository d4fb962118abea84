/** Holds docker-compose.yml to what it promises: settings that the programs take, hardened containers, organisations that do not meet. */
import { describe, expect, it } from '@jest/globals';
import {
  secretNames as gatewaySecretNames,
  settingNames as gatewaySettingNames,
  settingsFrom,
} from '../../apps/gateway/src/settings.js';
import { deployedSettings, secretNames, settingNames } from '../../libs/platform/launch/src/settings.js';
import { installation } from './installation.mjs';
import { environmentOf, isJob, isThere, json, madeSecrets, networksOf, text, yaml } from './read.js';
import type { Composed, ComposedService } from './read.js';

const composed = yaml<Composed>('docker-compose.yml');
const withKurrent = yaml<Pick<Composed, 'services'>>('infra/compose.kurrentdb.yml');
const { version } = json<{ version: string }>('package.json');
const all = Object.entries(composed.services);
const service = (name: string): ComposedService => composed.services[name] ?? {};
const named = (isWrong: (each: ComposedService, name: string) => boolean): string[] =>
  all.filter(([name, each]) => isWrong(each, name)).map(([name]) => name);
const exchanging = installation.filter(({ kind }) => kind !== 'covenant');

describe('the services of every organisation', () => {
  it.each(installation)('$id has settings that its programs know and accept', ({ id, kind, issuer }) => {
    const variables = environmentOf(service(id));
    const settings = deployedSettings(variables);
    expect(Object.keys(variables).filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(settings).toMatchObject({ ORGANISATION_ID: id, ORGANISATION_ISSUER: issuer, ORGANISATION_FOLDER: '/data' });
    expect(service(id).build?.args).toEqual({ APP: kind });
    expect(new URL(settings.ORGANISATION_DATABASE_URL).hostname).toBe(`pg-${id}`);
    expect(new URL(settings.ORGANISATION_DATABASE_OWNER_URL ?? '').hostname).toBe(`pg-${id}`);
    // Health is asked of the listener of the figures.
    expect(settings.ORGANISATION_METRICS_PORT).toBe(9464);

    const gateway = environmentOf(service(`gateway-${id}`));
    expect(Object.keys(gateway).filter((name) => !gatewaySettingNames.includes(name))).toEqual([]);
    const [own, covenant] = settingsFrom(gateway).organisations;
    expect(own).toEqual({
      id,
      kind,
      url: `http://${id}:${settings.ORGANISATION_PORT}`,
      credentialSecret: settings.ORGANISATION_GATEWAY_SECRET,
    });
    expect(gateway['GATEWAY_ISSUER']).toBe(issuer);
    const secretariat = installation.find((each) => each.kind === 'covenant');
    expect(covenant?.id).toBe(kind === 'covenant' ? undefined : secretariat?.id);
    if (covenant)
      expect(covenant.credentialSecret).toEqual(
        deployedSettings(environmentOf(service(covenant.id))).ORGANISATION_GATEWAY_SECRET,
      );
  });

  it.each(exchanging)(
    '$id signs in at Kafka as the principal that topics.json knows, and pins all others',
    ({ id }) => {
      const { organisations } = json<{ organisations: { id: string; principal: string; receivesFrom: string[] }[] }>(
        'infra/kafka/topics.json',
      );
      const settings = deployedSettings(environmentOf(service(id)));
      expect(organisations.map((each) => each.id).sort()).toEqual(exchanging.map((each) => each.id).sort());
      const declared = organisations.find((each) => each.id === id);
      expect(`User:${settings.ORGANISATION_KAFKA_USERNAME}`).toBe(declared?.principal);
      expect(madeSecrets['kafka-users.conf']?.text).toContain(`user_${id}="${settings.ORGANISATION_KAFKA_PASSWORD}"`);
      const { command = [], environment } = service(`pin-${id}`);
      expect(environment).toMatchObject({ ORGANISATION_ID: id, ORGANISATION_FOLDER: '/data' });
      expect((command.at(-1) ?? '').split(',').sort()).toEqual([...(declared?.receivesFrom ?? [])].sort());
    },
  );

  it('are those of the installation, and no others', () => {
    const gateways = Object.keys(composed.services).filter((name) => name.startsWith('gateway-'));
    expect(gateways).toEqual(installation.map(({ id }) => `gateway-${id}`));
    expect(installation.map(({ id }) => service(`gateway-${id}`).ports)).toEqual(
      installation.map(({ gatewayPort }) => [`127.0.0.1:${gatewayPort}:4000`]),
    );
  });

  it('may keep events in KurrentDB when they are told so', () => {
    const [[name = '', added] = []] = Object.entries(withKurrent.services);
    const variables = { ...environmentOf(service(name)), ...added?.environment };
    expect(settingNames).toContain('ORGANISATION_EVENT_LOG');
    expect(() => deployedSettings(variables)).not.toThrow();
    expect(networksOf(service('kurrentdb'))).toEqual([`data-${name}`]);
    expect(Object.keys(added?.depends_on ?? {})).toEqual(['kurrentdb']);
  });
});

describe('every container', () => {
  it('is of a version that is named, ours of the version of the product', () => {
    const tag = (image = ''): string => image.split(':')[1] ?? '';
    expect(named(({ image }) => !/^v?\d+(\.\d+)+(-\w+)?$/.test(tag(image)))).toEqual([]);
    const ofNode = named(({ build }) => build?.dockerfile === 'infra/images/node.Dockerfile');
    expect(ofNode.filter((name) => tag(service(name).image) !== version)).toEqual([]);
    expect(/<kafka.version>(.*)<\/kafka.version>/.exec(text('infra/kafka/pom.xml'))?.[1]).toBe(
      tag(service('kafka').image),
    );
  });

  it('runs without root, without writing to its image, without rights, and within limits', () => {
    expect(named(({ user }) => !/^[1-9]\d*(:\d+)?$/.test(user ?? ''))).toEqual([]);
    expect(named(({ read_only }) => read_only !== true)).toEqual([]);
    expect(
      named(({ cap_drop, cap_add, privileged }) => cap_drop?.join() !== 'ALL' || !!cap_add || !!privileged),
    ).toEqual([]);
    expect(named(({ security_opt }) => security_opt?.includes('no-new-privileges:true') !== true)).toEqual([]);
    expect(named(({ mem_limit, pids_limit }) => !mem_limit || !pids_limit)).toEqual([]);
    expect(text('docker-compose.yml')).not.toMatch(/docker\.sock|network_mode: host|pid: host/);
  });

  it('says whether it is well, unless it is a job that ends', () => {
    expect(named((each) => !isJob(each) && each.healthcheck?.test?.[0] !== 'CMD')).toEqual([]);
    expect(named((each) => isJob(each) && each.healthcheck?.disable !== true)).toEqual([]);
  });

  it('that is a database is well when its service can sign in, not when a server answers', () => {
    const databases = installation.map(({ id }) => service(`pg-${id}`).healthcheck?.test?.join(' '));
    expect([...new Set(databases)]).toEqual([
      expect.stringMatching(/cat \/run\/secrets\/application\)" psql .*-h 127\.0\.0\.1 -U application -d convenant/),
    ]);
  });

  it('waits for what exists, and in a way in which it can come', () => {
    const wrong = all.flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on).flatMap(([on, { condition }]) => {
        const other = composed.services[on];
        const wanted = other && isJob(other) ? 'service_completed_successfully' : 'service_healthy';
        return other && condition === wanted && !other.profiles ? [] : [`${name} on ${on}`];
      }),
    );
    expect(wrong).toEqual([]);
    for (const { id } of exchanging)
      expect(Object.keys(service(id).depends_on ?? {}).sort()).toEqual(
        ['kafka', 'kafka-topics', 'keycloak', `pg-${id}`, `pin-${id}`].sort(),
      );
  });

  it('finds every file that is mounted, and every volume that is named', () => {
    const sources = all.flatMap(([, { volumes = [] }]) => volumes.map((each) => each.split(':')[0] ?? ''));
    expect(sources.filter((source) => source.startsWith('.') && !isThere(source))).toEqual([]);
    const volumes = sources.filter((source) => !source.startsWith('.'));
    expect([...new Set(volumes)].sort()).toEqual(Object.keys(composed.volumes).sort());
    const writable = all.flatMap(([, { volumes: own = [] }]) => own.filter((each) => /^\.(?!.*:ro$)/.test(each)));
    expect(writable).toEqual([]);
    expect(all.filter(([, { build }]) => build && !isThere(build.dockerfile))).toEqual([]);
  });

  it('opens ports to this machine alone, and only where people look', () => {
    expect(all.flatMap(([, { ports = [] }]) => ports).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(named(({ ports }) => ports !== undefined).filter((name) => !name.startsWith('gateway-'))).toEqual([
      'keycloak',
      'grafana',
    ]);
  });
});

describe('organisations', () => {
  const members = (network: string): string[] => named((each) => networksOf(each).includes(network));

  it.each(installation)('$id has a database that its service alone reaches', ({ id }) => {
    const own = [`pg-${id}`, id];
    expect(members(`data-${id}`).filter((name) => name !== 'kurrentdb')).toEqual(own);
    expect(networksOf(service(`pg-${id}`))).toEqual([`data-${id}`]);
    const holders = (volume: string): string[] =>
      named(({ volumes = [] }) => volumes.some((each) => each.startsWith(`${volume}:`)));
    expect(holders(`pg-${id}`)).toEqual([`pg-${id}`]);
    expect(holders(`keys-${id}`).filter((name) => name !== `pin-${id}`)).toEqual([id]);
  });

  it('share no network with one another; on the one that has the ports nobody reaches anybody', () => {
    const ownNetworks = (id: string): string[] =>
      [id, `gateway-${id}`, `pg-${id}`].flatMap((name) => networksOf(service(name)));
    const meetings = installation.flatMap(({ id }) =>
      installation
        .filter((other) => other.id > id)
        .flatMap((other) => ownNetworks(id).filter((each) => ownNetworks(other.id).includes(each))),
    );
    // A participant's gateway asks the secretariat, each on a network of the two.
    expect([...new Set(meetings)].sort()).toEqual(['edge', ...exchanging.map(({ id }) => `covenant-${id}`)].sort());
    expect(composed.networks['edge']?.driver_opts).toEqual({ 'com.docker.network.bridge.enable_icc': 'false' });
  });

  it('have nobody on their own network but their gateway, the broker, sign-in and what operators look at', () => {
    for (const { id, kind } of installation)
      expect(members(`org-${id}`).sort()).toEqual(
        [id, `gateway-${id}`, 'keycloak', 'collector', 'prometheus', ...(kind === 'covenant' ? [] : ['kafka'])].sort(),
      );
    for (const { id } of exchanging) expect(members(`covenant-${id}`)).toEqual([`gateway-${id}`, 'secretariaat']);
  });

  it('are on internal networks; the one that is not has no service and no database', () => {
    const open = Object.entries(composed.networks).filter(([, each]) => each?.internal !== true);
    expect(open.map(([name]) => name)).toEqual(['edge']);
    expect(members('edge').filter((name) => !name.startsWith('gateway-'))).toEqual(['keycloak', 'grafana']);
    const used = new Set(all.flatMap(([, each]) => networksOf(each)));
    expect([...used].sort()).toEqual(Object.keys(composed.networks).sort());
  });

  it('each get their own secrets and nobody else’s', () => {
    const wanted = all.flatMap(([name, { env_file = [], secrets = [] }]) => [
      ...env_file.map((file) => ({ name, file })),
      ...secrets.map(({ source }) => ({ name, file: composed.secrets[source]?.file ?? `no secret ${source}` })),
    ]);
    const made = Object.keys(madeSecrets).map((file) => `infra/secrets/${file}`);
    expect(wanted.map(({ file }) => file).sort()).toEqual(made.sort());
    const foreign = wanted.filter(({ name, file }) =>
      installation.some(
        ({ id }) => new RegExp(`/(gateway-|pg-)?${id}(-[\\w-]+)?(\\.env)?$`).test(file) && !name.endsWith(id),
      ),
    );
    expect(foreign).toEqual([]);
  });
});

describe('no secret', () => {
  const files = ['docker-compose.yml', 'infra/compose.kurrentdb.yml', 'infra/env/example.env'];
  it('is committed', () => {
    expect(text('.gitignore').split('\n')).toContain('infra/secrets/');
    expect(text('.dockerignore').split('\n')).toContain('infra/secrets');
    const given = files.flatMap(
      (file) => text(file).match(/^[^#\n]*(PASSWORD|SECRET)\w*(: |=)(?!(?:"\$\$\(cat )?\/run\/secrets\/)\S+/gm) ?? [],
    );
    expect(given).toEqual([]);
    expect(files.filter((file) => /:\/\/[^/\s]+:[^@\s]+@/.test(text(file).replace(/^#.*$/gm, '')))).toEqual([]);
  });

  it('stands in an environment, but of the one program that knows no files for them', () => {
    expect(named(({ env_file }) => env_file !== undefined)).toEqual(['keycloak']);
    const secret: readonly string[] = [...secretNames, ...gatewaySecretNames, 'KAFKA_ADMIN_PASSWORD'];
    expect(named(({ environment = {} }) => Object.keys(environment).some((each) => secret.includes(each)))).toEqual([]);
    const asFiles = all.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => secret.some((each) => name === `${each}_FILE`)),
    );
    expect(asFiles.length).toBeGreaterThan(installation.length * 4);
    expect(asFiles.filter(([, file]) => !file.startsWith('/run/secrets/'))).toEqual([]);
  });

  it('is weak, shared by two, or readable for others beside what the engine mounts', () => {
    const values = Object.values(madeSecrets).flatMap(({ text: lines }) => lines.match(/[\w-]{43}/g) ?? []);
    // Three of the database and one of the gateway for each, one of Kafka for each partner, and four administrators and demo people.
    expect(new Set(values).size).toBe(installation.length * 4 + exchanging.length + 4);
    const open = Object.entries(madeSecrets).filter(([name, { mode }]) => name.endsWith('.env') && mode !== 0o600);
    expect(open).toEqual([]);
  });
});
