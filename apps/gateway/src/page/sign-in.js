/** Signs in by code flow with PKCE. Tokens and secrets live in this page's memory alone, and are gone when it closes. */

const redirectUri = `${location.origin}/signed-in`;

/**
 * Opens the issuer's page for this person and resolves to { accessToken, expiresAt, subject }.
 * Must be called while handling a click or key, or the browser does not open the window. Rejects with an Error that has a `code`.
 */
export async function signIn(organisation, person) {
  // Opened before anything is awaited: later the browser would take it for an unasked pop-up.
  const popup = window.open('about:blank', 'convenant-sign-in', 'popup,width=560,height=760');
  if (!popup) throw failure('blocked');
  try {
    const { authorization_endpoint, token_endpoint } = await discover(organisation.issuer);
    const verifier = random(32);
    const state = random(16);
    const answered = waitForAnswer(state, popup);
    popup.location.href = `${authorization_endpoint}?${new URLSearchParams({
      client_id: organisation.clientId,
      response_type: 'code',
      scope: 'openid',
      resource: `urn:convenant:organisation:${organisation.id}`,
      redirect_uri: redirectUri,
      login_hint: person.account,
      state,
      code_challenge: await challengeOf(verifier),
      code_challenge_method: 'S256',
    })}`;
    const { code, iss, error } = await answered;
    if (error || !code) throw failure(error ?? 'no code');
    if (iss !== null && iss !== organisation.issuer) throw failure('another issuer');
    return await redeem(token_endpoint, {
      grant_type: 'authorization_code',
      client_id: organisation.clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    });
  } finally {
    popup.close();
  }
}

async function discover(issuer) {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).catch(() => undefined);
  if (!response?.ok) throw failure('issuer unreachable');
  const found = await response.json();
  if (found.issuer !== issuer) throw failure('another issuer');
  return found;
}

async function redeem(endpoint, form) {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) });
  const answer = await response.json();
  if (!response.ok) throw failure(answer.error ?? 'refused');
  const { sub, exp } = JSON.parse(fromBase64url(answer.access_token.split('.')[1]));
  return { accessToken: answer.access_token, expiresAt: exp * 1000, subject: sub };
}

/** Resolves with the answer that carries our own state; rejects when the window is closed before it came. */
function waitForAnswer(state, popup) {
  const channel = new BroadcastChannel('convenant-sign-in');
  let watch = 0;
  return new Promise((resolve, reject) => {
    channel.onmessage = ({ data }) => data?.state === state && resolve(data);
    watch = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(watch);
      // The answer may be on its way while the window closes.
      setTimeout(() => reject(failure('closed')), 500);
    }, 300);
  }).finally(() => {
    clearInterval(watch);
    channel.close();
  });
}

const failure = (code) => Object.assign(new Error(`Signing in failed: ${code}`), { code });
const toBase64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const fromBase64url = (text) => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
const random = (length) => toBase64url(crypto.getRandomValues(new Uint8Array(length)));
const challengeOf = async (verifier) =>
  toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
