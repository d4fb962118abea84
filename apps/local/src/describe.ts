/** What `npm start` tells: the addresses, the demo people, and how to stop. */
import { demoPeople, localOrganisations } from '@convenant/identity-local-provider';
import type { Local } from './start-local.js';

export const help = `npm start -- [options]

Starts Convenant on this machine: a PostgreSQL, seven fictional organisations, sign-in for demo people, and one address for them all.

Options
  --json   say where everything is as one line of JSON
  --help   this text

Settings (environment)
  CONVENANT_GATEWAY_PORT       4000   where people look
  CONVENANT_IDENTITY_PORT      4010   where they sign in
  CONVENANT_ORGANISATION_PORT  4101   the first of seven
  CONVENANT_POSTGRES_PORT      0      0 takes a free one
  CONVENANT_DATA               .data/local
  CONVENANT_DATABASE_URL              a PostgreSQL server to use instead of the embedded one
`;

export function describeLocal(local: Local, json: boolean): string {
  const organisations = local.organisations.map(({ organisation, url }) => ({
    id: organisation.id,
    kind: organisation.kind,
    url,
  }));
  if (json)
    return `${JSON.stringify({ ready: true, gateway: local.gatewayUrl, identity: local.provider.address, organisations, data: local.dataFolder })}\n`;
  const people = localOrganisations.map(
    ({ id, name }) =>
      `  ${name.padEnd(32)} ${(demoPeople[id] ?? []).map((person) => `${person.name} (${person.role})`).join(', ')}`,
  );
  return `Ready: ${local.gatewayUrl}  (sign in there as any of these people; they are fictional)

${people.join('\n')}

Play the story in another window:  npm run story
Data: ${local.dataFolder}. Stop with Ctrl+C.
`;
}
