/** The identity provider of the demonstration, its fictional people, and signing in as one of them without a browser. */
export { startLocalProvider, type LocalProvider, type LocalProviderOptions } from './start-local-provider.js';
export { renew, signIn, SignInFailed, type SignedIn, type SignInOptions } from './sign-in.js';
export { demoPeople, localOrganisations, type DemoPerson, type LocalOrganisation } from './demo-people.js';
export { accessTokenSeconds, clientIdOf, demonstrationAcr } from './organisation-provider.js';
