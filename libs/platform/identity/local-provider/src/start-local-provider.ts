/** Starts the identity provider of the demonstration: one HTTP server, an issuer per organisation. Never for production. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import type { Clock } from '@convenant/kernel';
import { demoPeople, findPerson, localOrganisations, type DemoPerson, type LocalOrganisation } from './demo-people.js';
import { keepSecrets } from './kept-secrets.js';
import { clientIdOf, demonstrationAcr, organisationProvider } from './organisation-provider.js';
import { errorPage, pageHeaders, signInPage } from './pages.js';

export interface LocalProviderOptions {
  /** 0 for any free port. Listens on this machine only. */
  readonly port: number;
  /** Where browsers may be sent back to, per organisation, compared exactly. */
  readonly redirectUris: (organisation: string) => readonly string[];
  readonly postLogoutRedirectUris?: (organisation: string) => readonly string[];
  /** A folder that only its owner reads; made when it is not there. */
  readonly keysFolder: string;
  readonly organisations?: readonly LocalOrganisation[];
  readonly people?: Readonly<Record<string, readonly DemoPerson[]>>;
  /** What the times in access tokens are taken from. Default: the machine's clock. */
  readonly clock?: Clock;
  readonly production?: boolean;
  /** Hears the kind of a failure, never whom it concerned. */
  readonly onError?: (code: string) => void;
}

export interface LocalProvider {
  readonly address: string;
  readonly port: number;
  issuerOf(organisation: string): string;
  keysAddressOf(organisation: string): string;
  clientIdOf(organisation: string): string;
  /** The pairwise subject that tokens carry for this account at this organisation; the same after a restart. */
  subjectOf(organisation: string, account: string): string;
  close(): Promise<void>;
}

interface Site {
  readonly organisation: LocalOrganisation;
  readonly people: readonly DemoPerson[];
  readonly provider: Provider;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly origins: readonly string[];
  readonly subjectOf: (account: string) => string;
}

const systemClock: Clock = { now: () => new Date().toISOString() };

/** Resolves once it answers. Refuses to start for production: there is no password. */
export async function startLocalProvider(options: LocalProviderOptions): Promise<LocalProvider> {
  if (options.production) {
    throw new Error(
      'The local identity provider asks for no password and is for demonstration only. Configure an OpenID Connect issuer.',
    );
  }
  const {
    organisations = localOrganisations,
    people = demoPeople,
    clock = systemClock,
    onError = () => undefined,
  } = options;
  const sites = new Map<string, Site>();
  let address = 'http://127.0.0.1';
  const server = createServer((request, response) => {
    // Addresses are built from this header, so another name than our own is not answered.
    if (request.headers.host !== new URL(address).host) return show(response, 421, errorPage('invalid_request'));
    return void answer(sites, request, response).catch((error: unknown) => {
      onError(error instanceof Error ? error.name : 'unknown');
      if (!response.headersSent) show(response, 500, errorPage('server_error'));
      else response.destroy();
    });
  });
  server.requestTimeout = 10_000;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  address = `http://127.0.0.1:${port}`;
  const issuerOf = (organisation: string): string => `${address}/${organisation}`;
  try {
    for (const organisation of organisations) {
      const redirectUris = options.redirectUris(organisation.id);
      const postLogoutRedirectUris = options.postLogoutRedirectUris?.(organisation.id) ?? [];
      const secrets = keepSecrets(options.keysFolder, organisation.id);
      const here = people[organisation.id] ?? [];
      const issuer = issuerOf(organisation.id);
      const provider = organisationProvider({
        issuer,
        organisation,
        people: here,
        redirectUris,
        postLogoutRedirectUris,
        secrets,
        clock,
        onError,
      });
      sites.set(organisation.id, {
        organisation,
        people: here,
        provider,
        handle: provider.callback(),
        origins: [...new Set(redirectUris.map((uri) => new URL(uri).origin))],
        subjectOf: secrets.subjectOf,
      });
    }
  } catch (error) {
    await close(server);
    throw error;
  }
  return {
    address,
    port,
    issuerOf,
    keysAddressOf: (organisation) => `${issuerOf(organisation)}/jwks`,
    clientIdOf,
    subjectOf(organisation, account) {
      const site = sites.get(organisation);
      if (!site) throw new Error('This organisation is not served here.');
      return site.subjectOf(account);
    },
    close: () => close(server),
  };
}

/** The first part of the path names the organisation; what follows is that organisation's provider and knows of no other. */
async function answer(
  sites: ReadonlyMap<string, Site>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, id = '', rest = '/'] = /^\/([a-z0-9-]+)(\/.*)$/.exec(request.url ?? '') ?? [];
  const site = sites.get(id);
  if (!site) return show(response, 404, errorPage('not_found'));
  // The provider reads from the difference under which path it is mounted.
  Object.assign(request, { originalUrl: request.url, url: rest });
  if (rest.startsWith('/sign-in/')) return signInStep(site, request, response);
  return site.handle(request, response);
}

async function signInStep(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { organisation, people, provider, origins } = site;
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) return show(response, 400, errorPage('expired'));
  const action = `/${organisation.id}/sign-in/${interaction.uid}`;
  if (request.method !== 'POST') return show(response, 200, signInPage(organisation, people, action, false), origins);

  const form = await readForm(request);
  if (!form) return show(response, 413, errorPage('invalid_request'));
  if (form.has('cancel')) return provider.interactionFinished(request, response, { error: 'access_denied' });
  const person = findPerson(organisation, people, form.get('account') ?? '');
  if (!person) return show(response, 422, signInPage(organisation, people, action, true), origins);

  // Another person in the same browser begins afresh instead of being asked to sign the former one out.
  if (interaction.session && interaction.session.accountId !== person.account) {
    await (await provider.Session.findByUid(interaction.session.uid))?.destroy();
    delete interaction.session;
    await interaction.persist();
  }
  return provider.interactionFinished(
    request,
    response,
    { login: { accountId: person.account, acr: demonstrationAcr } },
    { mergeWithLastSubmission: false },
  );
}

const formLengthMax = 1024;
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = '';
  for await (const part of request) {
    text += String(part);
    if (text.length > formLengthMax) return undefined;
  }
  return new URLSearchParams(text);
}

function show(response: ServerResponse, status: number, html: string, formTargets: readonly string[] = []): void {
  response.writeHead(status, pageHeaders(formTargets)).end(html);
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
