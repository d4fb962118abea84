/** A signed-in person at one organisation, who asks and tells through the gateway exactly as her page would. */
import { randomUUID } from 'node:crypto';

export interface Refusal {
  readonly code: string;
  readonly nl: string;
  readonly en: string;
}
export interface Told {
  readonly id: string;
  readonly position: string | null;
  readonly refused: Refusal | null;
  readonly [extra: string]: unknown;
}
export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** The first error as its asker reads it. */
  readonly refused: Refusal | undefined;
  /** The errors as they came, for comparing two answers to the letter. */
  readonly errors: string;
}
export interface WhoSheIs {
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
  readonly token: string;
  readonly gatewayUrl: string;
  /** Ends what is under way when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * For so long she sends the same request again when nobody answers, or when the answer is that something broke. Only for an installation
   * that is broken on purpose: elsewhere a broken answer is a fault to be seen.
   */
  readonly patienceMs?: number | undefined;
  /** Hears of every command that was carried out. */
  readonly onCarriedOut?: ((carriedOut: CarriedOut) => void) | undefined;
}
export interface CarriedOut {
  readonly organisation: string;
  readonly person: string;
  readonly command: string;
  readonly requestId: string;
}

/** Something that must succeed for the story to go on did not. Says what, to whom, and the code; never what was entered. */
export class StoryStopped extends Error {}

export class Person {
  readonly name: string;
  readonly role: string;
  readonly organisation: string;
  /** The pairwise subject by which colleagues at this organisation name her. */
  readonly subject: string;
  readonly token: string;
  private readonly gatewayUrl: string;
  private readonly signal: AbortSignal | undefined;
  private readonly patienceMs: number;
  private readonly onCarriedOut: WhoSheIs['onCarriedOut'];
  private position: string | undefined;

  constructor({ name, role, organisation, token, gatewayUrl, signal, patienceMs = 0, onCarriedOut }: WhoSheIs) {
    this.name = name;
    this.role = role;
    this.organisation = organisation;
    this.token = token;
    this.gatewayUrl = gatewayUrl;
    this.signal = signal;
    this.patienceMs = patienceMs;
    this.onCarriedOut = onCarriedOut;
    this.subject = subjectIn(token);
  }

  /** A question that must be answered. `field` is the one field of the answer that is wanted. */
  async ask<T>(field: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const { data, refused, status } = await this.send(query, variables);
    if (refused || !data)
      throw new StoryStopped(
        `${this.role} at ${this.organisation} got no answer to ${field}: ${refused?.code ?? status}.`,
      );
    return data[field] as T;
  }

  /** A command that must be carried out. */
  async tell(command: string, input: Readonly<Record<string, unknown>>, extra = ''): Promise<Told> {
    const told = await this.tryToTell(command, input, extra);
    if (told.refused)
      throw new StoryStopped(`${this.role} at ${this.organisation} was refused ${command}: ${told.refused.code}.`);
    return told;
  }

  /** A command that may be refused. The same request id again is the same request. */
  async tryToTell(command: string, input: Readonly<Record<string, unknown>>, extra = ''): Promise<Told> {
    const query = `mutation($input: ${inputOf(command)}!) { ${command}(input: $input) { id position refused { code nl en } ${extra} } }`;
    const whole = { requestId: randomUUID() as string, ...input };
    const { data, refused, status } = await this.send(query, { input: whole });
    const told = data?.[command] as Told | undefined;
    if (!told) return { id: '', position: null, refused: refused ?? { code: `status-${status}`, nl: '', en: '' } };
    if (told.position) {
      this.position = told.position;
      const { organisation, subject: person } = this;
      this.onCarriedOut?.({ organisation, person, command, requestId: whole.requestId });
    }
    return told;
  }

  /** Whatever comes back. `headers` are added to, or take the place of, those that her page sends. */
  async send(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    for (const from = performance.now(); ; await pause(100)) {
      const over = performance.now() - from >= this.patienceMs;
      try {
        const answer = await this.sendOnce(query, variables, headers);
        if (over || !isBroken(answer)) return answer;
      } catch (error) {
        if (over || !isInterruption(error)) throw error;
      }
    }
  }

  private async sendOnce(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    for (;;) {
      const response = await fetch(`${this.gatewayUrl}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${this.token}`,
          ...(this.position === undefined ? {} : { 'convenant-position': this.position }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
        ...(this.signal ? { signal: this.signal } : {}),
      });
      if (response.status === 429) {
        await response.body?.cancel();
        await pause(1000 * Number(response.headers.get('retry-after') ?? 1));
        continue;
      }
      const body = (await response.json()) as { data?: Answer['data']; errors?: readonly { extensions?: Refusal }[] };
      return {
        status: response.status,
        data: body.data ?? null,
        refused: body.errors?.[0]?.extensions,
        errors: JSON.stringify(body.errors ?? []),
      };
    }
  }
}

/** Refusals that say nothing about what was asked. */
const broken = /^(broken|log-unavailable|organisation-unreachable|sign-in-unreachable)$/;
const isBroken = ({ status, refused }: Answer): boolean => status >= 500 || broken.test(refused?.code ?? '');
/** `fetch`, and reading an answer, fail like this when the connection breaks. */
export const isInterruption = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof SyntaxError || (error as Error).name === 'TypeError';

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Commands whose input type is shared with others; every other one is named after its command. */
const sharedInputs: Readonly<Record<string, string>> = {
  acceptReferral: 'ReferralDecisionInput',
  withdrawReferral: 'ReferralDecisionInput',
  holdIntake: 'OnDayInput',
  resumeTrajectory: 'OnDayInput',
  reenterTrajectory: 'OnDayInput',
  offerAnswerToClient: 'AnswerStepInput',
  readAnswer: 'AnswerStepInput',
  releaseAnswer: 'AnswerStepInput',
  takeOnClient: 'SupportInput',
  endSupport: 'SupportInput',
};
const inputOf = (command: string): string =>
  sharedInputs[command] ?? `${command.charAt(0).toUpperCase()}${command.slice(1)}Input`;

function subjectIn(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  return claims.sub;
}
