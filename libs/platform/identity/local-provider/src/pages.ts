/** The pages that the local provider shows: sign in, sign out, and what went wrong. Plain HTML, nothing fetched, no script needed. */
import { createHash } from 'node:crypto';
import { roleNames } from '@convenant/consent';
import { rolesAt, type DemoPerson, type LocalOrganisation } from './demo-people.js';

const style = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem; }
.mark { border: 2px solid; padding: .5rem 1rem; }
ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
button, input { font: inherit; min-height: 2.75rem; padding: .25rem 1rem; border: 2px solid; border-radius: .25rem; }
button { cursor: pointer; }
:focus-visible { outline: 4px solid #0b71a1; outline-offset: 2px; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.125rem; }
[lang=en] { opacity: .85; }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** `formTargets`: where a form of this page may lead in the end, the page's own origin aside. */
export const pageHeaders = (formTargets: readonly string[] = []): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${["'self'", ...formTargets].join(' ')}; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});

export function signInPage(
  organisation: LocalOrganisation,
  people: readonly DemoPerson[],
  action: string,
  unknownAccount: boolean,
): string {
  const groups = rolesAt(organisation.kind)
    .map((role) => ({ role, members: people.filter((each) => each.role === role) }))
    .filter(({ members }) => members.length > 0)
    .map(({ role, members }) => {
      const { nl, en } = roleNames[role];
      const buttons = members.map(
        ({ account, name }) => `<li><button name="account" value="${safe(account)}">${safe(name)}</button></li>`,
      );
      return `<h2>${safe(capital(nl))} <span lang="en">(${safe(en)})</span></h2>\n<ul>${buttons.join('\n')}</ul>`;
    });
  const numbered = `<h2><label for="account">Andere cliënt, bijvoorbeeld client-7 <span lang="en">(another client, such as client-7)</span></label></h2>
<p><input id="account" name="account" required pattern="client-[1-9][0-9]{0,3}" autocomplete="off" spellcheck="false"${unknownAccount ? ' aria-describedby="unknown"' : ''}>
<button>Aanmelden <span lang="en">(sign in)</span></button></p>`;
  return page(
    `Aanmelden bij ${organisation.name}`,
    `${mark}
<h1>Aanmelden bij ${safe(organisation.name)}</h1>
${unknownAccount ? '<p id="unknown" role="alert"><strong>Dit account bestaat hier niet. Kies een ander.</strong> <span lang="en">This account does not exist here. Choose another.</span></p>' : ''}
<p>Kies als wie u zich aanmeldt.<br><span lang="en">Choose as whom you sign in.</span></p>
<form method="post" action="${safe(action)}">${groups.join('\n')}</form>
${organisation.kind === 'covenant' ? '' : `<form method="post" action="${safe(action)}">${numbered}</form>`}
<form method="post" action="${safe(action)}"><p><button name="cancel" value="yes">Annuleren <span lang="en">(cancel)</span></button></p></form>`,
  );
}

/** `form` is the provider's own hidden form with the id `op.logoutForm`. */
export const signOutPage = (form: string): string =>
  page(
    'Afmelden',
    `${mark}<h1>Afmelden</h1>
<p>Wilt u zich afmelden?<br><span lang="en">Do you want to sign out?</span></p>
${form}
<p><button form="op.logoutForm" name="logout" value="yes">Ja, meld mij af <span lang="en">(yes, sign out)</span></button>
<button form="op.logoutForm">Nee <span lang="en">(no)</span></button></p>`,
  );

export const signedOutPage = (): string =>
  page('Afgemeld', `${mark}<h1>U bent afgemeld</h1><p lang="en">You are signed out.</p>`);

/** `code` is one of OAuth's own error codes, and says nothing about anybody. */
export const errorPage = (code: string): string =>
  page(
    'Aanmelden is niet gelukt',
    `${mark}<h1>Aanmelden is niet gelukt</h1>
<p>Ga terug naar de pagina waar u vandaan kwam en begin opnieuw.<br>
<span lang="en">Signing in failed. Go back to the page that you came from and start again.</span></p>
<p><code>${safe(code)}</code></p>`,
  );

const mark = `<p class="mark"><strong>Alleen voor demonstratie.</strong> Deze mensen bestaan niet, en er is geen wachtwoord.<br>
<span lang="en">For demonstration only. These people do not exist, and there is no password.</span></p>`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
