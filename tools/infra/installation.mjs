/** The trial installation of docker-compose.yml: its organisations, and at which address of the machine each is found. */
import { audienceOf } from '@convenant/identity';
import { clientIdOf, demoPeople, localOrganisations } from '@convenant/identity-local-provider';

/** A name that browsers take for this machine, and that the containers find on their networks: an issuer has one address for all. */
export const loginAddress = 'http://login.localhost:8080';
const firstGatewayPort = 4000;

/** Per organisation: { id, kind, name, people, gatewayPort, issuer, audience, clientId }. */
export const installation = localOrganisations.map(({ id, kind, name }, index) => ({
  id,
  kind,
  name,
  people: demoPeople[id] ?? [],
  gatewayPort: firstGatewayPort + index,
  issuer: `${loginAddress}/realms/${id}`,
  audience: audienceOf(id),
  clientId: clientIdOf(id),
}));
