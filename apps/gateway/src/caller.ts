/** Who asks: the token decides which organisation a request is for, and nothing is done before that organisation's verifier accepted it. */
import { decodeJwt } from 'jose';
import { bearerOf, type Session, type TokenVerifier } from '@convenant/identity';
import { GatewayCredential, gatewayCredentialHeader } from '@convenant/identity-oidc';
import type { Clock, OpenSpan } from '@convenant/kernel';
import type { Organisation, Organisations } from './organisations.js';
import { participantToken } from './participant-token.js';
import { continueTrace, incomingTrace } from './trace.js';

/** One request of one person at one organisation, for as long as the answer takes. */
export interface Caller {
  readonly session: Session;
  readonly organisation: Organisation;
  readonly bearer: string;
  readonly traceparent: string;
  /** Up to where the person's own last change came; her next reading waits for it. */
  readonly position: string | undefined;
  /** The span of this request. */
  readonly span?: OpenSpan;
}

/** With the organisation that the token names, when one is served here: it keeps a log of who was turned away. */
export interface TurnedAway {
  readonly refused: 'not-signed-in' | 'another-organisation';
  readonly from?: { readonly organisation: Organisation; readonly bearer: string; readonly traceparent: string };
}
export type Recognised = { readonly caller: Caller } | TurnedAway;
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export class Callers {
  private readonly verifiers: ReadonlyMap<string, TokenVerifier>;

  constructor(
    private readonly organisations: Organisations,
    verifierFor: (organisation: Organisation) => TokenVerifier,
  ) {
    this.verifiers = new Map(organisations.all.map((each) => [each.id, verifierFor(each)]));
  }

  /**
   * The trace goes on in the span of the request, or in a step of its own when no spans are kept. Every token that is not good gets the same refusal, whether it is old, forged, for others, or for an organisation not served here.
   */
  async recognise(headers: Headers, span?: OpenSpan): Promise<Recognised> {
    const bearer = bearerOf(single(headers['authorization']));
    const organisation = this.organisations.get(namedOrganisation(bearer) ?? '');
    const verifier = organisation && this.verifiers.get(organisation.id);
    if (!bearer || !organisation || !verifier) return { refused: 'not-signed-in' };
    const incoming = traceparentIn(headers);
    const traceparent =
      span?.traceparent === undefined || span.traceparent === incoming ? continueTrace(incoming) : span.traceparent;
    const from = { organisation, bearer, traceparent };
    const session = await verifier.verify(bearer);
    if ('refused' in session) return { refused: 'not-signed-in', from };
    const asked = headers['convenant-organisation'];
    if (asked !== undefined && asked !== organisation.id) return { refused: 'another-organisation', from };
    return {
      caller: {
        session,
        organisation,
        bearer,
        traceparent,
        position: wellFormed(single(headers['convenant-position'])),
        ...(span ? { span } : {}),
      },
    };
  }
}

/**
 * The headers of a call to a subgraph. The person's token goes to the organisation that it is for and to nobody else: whoever
 * else received it could use it there, and the covenant would learn of a client. The covenant is told which organisation asks, and in which role.
 */
export class SubgraphHeaders {
  private readonly credentials: ReadonlyMap<string, GatewayCredential>;

  constructor(
    organisations: Organisations,
    private readonly clock: Clock,
  ) {
    this.credentials = new Map(
      organisations.all.map(({ id, credentialSecret }) => [
        id,
        new GatewayCredential({ organisation: id, secret: credentialSecret, clock }),
      ]),
    );
  }

  /** For telling an organisation whom the gateway turned away; the token goes only where it says that it is for. */
  async ofTurnedAway({
    organisation,
    bearer,
    traceparent,
  }: NonNullable<TurnedAway['from']>): Promise<Record<string, string>> {
    const credential = await this.credentials.get(organisation.id)?.issue();
    return {
      ...(credential === undefined ? {} : { [gatewayCredentialHeader]: credential }),
      traceparent,
      authorization: `Bearer ${bearer}`,
    };
  }

  async of(caller: Caller, to: Organisation): Promise<Record<string, string>> {
    const credential = await this.credentials.get(to.id)?.issue();
    return {
      ...(credential === undefined ? {} : { [gatewayCredentialHeader]: credential }),
      traceparent: caller.traceparent,
      ...(to.id === caller.organisation.id
        ? {
            authorization: `Bearer ${caller.bearer}`,
            ...(caller.position === undefined ? {} : { 'convenant-position': caller.position }),
          }
        : { authorization: `Bearer ${await participantToken(caller, to, this.clock)}` }),
    };
  }
}

/** Read without being verified: it chooses the verifier, and that verifier compares it again. */
function namedOrganisation(bearer: string | undefined): string | undefined {
  if (bearer === undefined || bearer.length > 8192) return undefined;
  try {
    const { aud } = decodeJwt(bearer);
    return typeof aud === 'string' ? /^urn:convenant:organisation:([a-z0-9-]+)$/.exec(aud)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

export const traceparentIn = (headers: Headers): string | undefined => incomingTrace(single(headers['traceparent']));

const single = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
const wellFormed = (position: string | undefined): string | undefined =>
  position !== undefined && /^[\w.:,=+/-]{1,200}$/.test(position) ? position : undefined;
