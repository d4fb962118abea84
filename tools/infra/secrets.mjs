/** The secrets of the trial installation, and the files in which each container finds its own and no other's. */

/** What is drawn for every organisation, and once for the installation. */
const ofOrganisation = ['postgres-superuser', 'postgres-owner', 'postgres-application', 'gateway'];
/** The secretariat exchanges no messages. */
const ofPartner = ['kafka'];
const ofAll = ['kafka-admin', 'keycloak-admin', 'keycloak-demo', 'grafana-admin'];

/** Name to value. What is known is kept; what is missing is drawn: base64url of 32 bytes, which every setting takes as it is. */
export function completed(known, organisations, draw) {
  const names = [
    ...organisations.flatMap(({ id, kind }) =>
      [...ofOrganisation, ...(kind === 'covenant' ? [] : ofPartner)].map((name) => `${id}/${name}`),
    ),
    ...ofAll,
  ];
  return Object.fromEntries(names.map((name) => [name, known[name] ?? draw()]));
}

/**
 * File name to { text, mode }. What the engine mounts into a container must be readable for the account in there, which is not the account
 * here: the folder around it keeps everybody else out. What only the command line reads is for its owner alone.
 */
export function secretFiles(values, organisations) {
  const of = (id) => (name) => values[`${id}/${name}`];
  const covenant = organisations.find(({ kind }) => kind === 'covenant');
  const files = organisations.flatMap(({ id, kind }) => {
    const own = of(id);
    const database = (role) => `postgres://${role}:${own(`postgres-${role}`)}@pg-${id}:5432/convenant`;
    return [
      ...['superuser', 'owner', 'application'].map((role) => mounted(`pg-${id}-${role}`, own(`postgres-${role}`))),
      mounted(`${id}-database-url`, database('application')),
      mounted(`${id}-database-owner-url`, database('owner')),
      mounted(`${id}-gateway-secret`, own('gateway')),
      mounted(`gateway-${id}-organisation-secret`, own('gateway')),
      ...(kind === 'covenant' ? [] : [mounted(`${id}-kafka-password`, own('kafka'))]),
      ...(kind === 'covenant' || !covenant
        ? []
        : [mounted(`gateway-${id}-covenant-secret`, of(covenant.id)('gateway'))]),
    ];
  });
  const users = organisations
    .filter(({ kind }) => kind !== 'covenant')
    .map(({ id }) => `  user_${id}="${of(id)('kafka')}"`);
  return Object.fromEntries([
    ...files,
    mounted(
      'kafka-users.conf',
      [
        'KafkaServer {',
        '  org.apache.kafka.common.security.plain.PlainLoginModule required',
        `  user_admin="${values['kafka-admin']}"`,
        `${users.join('\n')};`,
        '};\n',
      ].join('\n'),
    ),
    mounted('kafka-admin-password', values['kafka-admin']),
    // Keycloak knows no files for these.
    settings('keycloak.env', {
      KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
      KC_BOOTSTRAP_ADMIN_PASSWORD: values['keycloak-admin'],
      CONVENANT_DEMO_PASSWORD: values['keycloak-demo'],
    }),
    mounted('grafana-admin', values['grafana-admin']),
  ]);
}

const mounted = (name, text) => [name, { text, mode: 0o444 }];
const settings = (name, values) => [
  name,
  {
    text: `${Object.entries(values)
      .map(([setting, value]) => `${setting}=${value}\n`)
      .join('')}`,
    mode: 0o600,
  },
];
