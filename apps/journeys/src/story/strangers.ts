/** Step 8, for the installation as a whole: tokens that are forged or foreign, and a partner's message that is sent to somebody else. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { clientFile, myConsents } from './questions.js';
import { agency, insurer, municipality, otherMunicipality, uwv, type Known, type Scene } from './scene.js';
import { Person } from './person.js';

const suspicious = '{ suspiciousAttempts(days: 1) { person roles refusals why } }';
type Suspicious = readonly {
  readonly person: string | null;
  readonly roles: readonly string[];
  readonly refusals: number;
}[];
/** What a privacy officer is shown begins at ten in a day; fewer are in the log as well. */
const enoughToShow = 10;

export async function strangers(scene: Scene, known: Known, proof: string): Promise<void> {
  await forgedTokens(scene, known);
  await readdressed(scene, known, proof);
}

async function forgedTokens({ cast, claims, narrate, installation }: Scene, known: Known): Promise<void> {
  const { caseManager, otherClientManager, agencyOfficer } = cast;
  const clientId = known.clientId[agency];
  const real = caseManager.token;
  const tokens: Readonly<Record<string, string>> = {
    'with another role written in it': rewritten(real, { role: 'clinician' }),
    'with another person written in it': rewritten(real, { sub: cast.clinician.subject }),
    'signed with a key of her own': signedAnew(real, {}),
    'without a signature': `${encoded({ alg: 'none', typ: 'at+jwt' })}.${real.split('.')[1]}.`,
    'signed with what everybody can read': hmacSigned(real),
    'that ran out, and was made to last': signedAnew(real, { exp: 4_000_000_000 }),
    'of another organisation, made out to this one': rewritten(otherClientManager.token, {
      aud: `urn:convenant:organisation:${agency}`,
      organisation: agency,
    }),
  };
  const answers = new Set<string>();
  for (const [how, token] of Object.entries(tokens)) {
    const stranger = new Person({
      name: 'Somebody',
      role: 'stranger',
      organisation: agency,
      token,
      gatewayUrl: installation.gatewayUrl,
    });
    const { status, data, refused, errors } = await stranger.send(clientFile, { clientId });
    claims.same(`a token ${how} is not accepted`, [status, data, refused?.code], [401, null, 'not-signed-in']);
    narrate.refused('somebody', `comes with a token ${how}`, refused?.en ?? '');
    answers.add(errors);
  }
  claims.same('every bad token gets the same answer, whatever is wrong with it', answers.size, 1);
  const foreign = await otherClientManager.send(clientFile, { clientId }, { 'convenant-organisation': agency });
  claims.same(
    'a good token of another organisation is not accepted here',
    [foreign.status, foreign.data, foreign.refused?.code],
    [403, null, 'another-organisation'],
  );
  narrate.refused(otherClientManager, 'comes with her own token to the agency', foreign.refused?.en ?? '');
  const forged = new Person({
    name: 'Somebody',
    role: 'stranger',
    organisation: agency,
    token: signedAnew(real, {}),
    gatewayUrl: installation.gatewayUrl,
  });
  for (let more = Object.keys(tokens).length; more < enoughToShow; more++) await forged.send(clientFile, { clientId });
  const found = await claims.becomesSo(
    'the privacy officer of the agency finds that somebody unknown tries to get in',
    () => agencyOfficer.ask<Suspicious>('suspiciousAttempts', suspicious),
    (lines) => lines.some(({ person, refusals }) => person === null && refusals >= enoughToShow),
  );
  narrate.did(
    agencyOfficer,
    `finds ${found.find(({ person }) => person === null)?.refusals} attempts by somebody who was not recognised`,
  );
}

/** The proof that UWV closed was signed by UWV for the agency: whoever holds it can show it, and send it nowhere else. */
async function readdressed({ claims, narrate, installation }: Scene, known: Known, proof: string): Promise<void> {
  const post = async (to: string, message: string): Promise<number> => {
    const response = await fetch(`${installation.gatewayUrl}/exchange/${to}`, {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body: message,
    });
    await response.body?.cancel();
    return response.status;
  };
  const she = known.herself[agency];
  const before = await she.ask('myConsents', myConsents);
  for (const to of [municipality, otherMunicipality, insurer, uwv])
    claims.same(`the message of UWV to the agency is refused at ${to}`, await post(to, proof), 400);
  for (const to of [municipality, insurer])
    claims.same(
      `with ${to} written over the recipient it is refused as well`,
      await post(to, rewritten(proof, { recipient: to })),
      400,
    );
  claims.same(
    'as if it came from another partner, it is refused',
    await post(agency, rewritten(proof, { source: `urn:convenant:organisation:${municipality}` })),
    400,
  );
  claims.same('what is no message is refused', await post(municipality, 'no message'), 400);
  claims.same('an organisation that takes no part is not known', await post('gemeente-nergens', proof), 404);
  for (let more = 0; more < enoughToShow; more++)
    await post(municipality, rewritten(proof, { recipient: municipality }));
  narrate.refused(
    'somebody',
    'sends a partner’s signed message to another organisation',
    'This message was not accepted.',
  );
  await post(agency, proof);
  claims.same(
    'the same message once more at its own recipient changes nothing',
    await she.ask('myConsents', myConsents),
    before,
  );
  const officer = await installation.staff(municipality, 'hetty');
  const found = await claims.becomesSo(
    'the privacy officer of the municipality finds the messages that were refused',
    () => officer.ask<Suspicious>('suspiciousAttempts', suspicious),
    (lines) => lines.some(({ person, roles }) => person === null && roles.includes('partner')),
  );
  narrate.did(
    officer,
    `finds ${found.find(({ person }) => person === null)?.refusals} messages that were not what they claimed to be`,
  );
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Other contents under the signature that was there. */
const rewritten = (token: string, changes: Readonly<Record<string, unknown>>): string => {
  const [header, , signature] = token.split('.');
  return `${header}.${encoded({ ...claimsOf(token), ...changes })}.${signature}`;
};
/** The same header, and a signature that is good for a key that nobody trusts. */
const signedAnew = (token: string, changes: Readonly<Record<string, unknown>>): string => {
  const text = `${token.split('.')[0]}.${encoded({ ...claimsOf(token), ...changes })}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
};
/** A public key is no secret: a verifier that lets the token choose its algorithm would take it for one. */
const hmacSigned = (token: string): string => {
  const text = `${encoded({ alg: 'HS256', typ: 'at+jwt' })}.${token.split('.')[1]}`;
  return `${text}.${createHmac('sha256', 'public').update(text).digest('base64url')}`;
};
