/** Anna's agency over HTTP, with one person whose token it knows; for the specs of what reaches an organisation and what is turned away. */
import { createOrganisationApplication, type Ports, type RunningService } from '@convenant/host';
import { TokenVerifier, type Session, type TokenRefusal } from '@convenant/identity';
import { agency } from './example-services.js';
import { exampleOrganisations } from './example-world.js';

/** Knows one token, so that what is asked here is not how tokens are made. */
class OneToken extends TokenVerifier {
  verify(bearer: string | undefined): Promise<Session | TokenRefusal> {
    const session = {
      organisation: 'ggz-amstel',
      person: 'karin',
      role: 'caseManager',
      tokenExpiresAt: '2099-01-01T00:00:00.000Z',
    } as const;
    return Promise.resolve(bearer === 'token-of-karin' ? session : { refused: 'forged' });
  }
}

/** With the one command in its schema that only examples have. */
export const organisationsOverHttp = {
  ...exampleOrganisations,
  'ggz-amstel': {
    ...agency,
    schema: [...agency.schema, 'extend type Mutation { noteExample(input: String): Outcome! }'],
  },
};

export async function agencyOverHttp(ggz: {
  readonly service: RunningService;
  readonly ports: Pick<Ports, 'ids' | 'operatorLog'>;
}): ReturnType<typeof createOrganisationApplication> {
  const application = await createOrganisationApplication({
    service: ggz.service,
    tokens: new OneToken(),
    fromGateway: (headers) => Promise.resolve(headers['convenant-gateway'] === 'our own'),
    ids: ggz.ports.ids,
    operatorLog: ggz.ports.operatorLog,
  });
  await application.getHttpAdapter().getInstance().ready();
  return application;
}
