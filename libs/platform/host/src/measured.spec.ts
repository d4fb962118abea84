/** How what is asked is counted and followed: under the caller's step, by what came of it, and without changing it. */
import { AccessLogUnavailable } from '@convenant/access-log';
import { noTelemetry, type Telemetry } from '@convenant/kernel';
import { describe, expect, it } from '@jest/globals';
import { AnswerRefused, inWords } from './answers.js';
import type { Asking } from './asking.js';
import type { Outcome, Request, ServiceDefinition } from './definition.js';
import { measured } from './measured.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const request: Request = {
  session: { organisation: 'uwv', person: 'wil', role: 'labourExpert', tokenExpiresAt: '2099-01-01T00:00:00.000Z' },
  trace: { traceId, spanId: '1111111111111111', parentSpanId: '00f067aa0ba902b7' },
};
const definition = { commands: [{ name: 'refer' }], queries: [{ name: 'read' }] } as unknown as ServiceDefinition;

function world(telemetry?: Telemetry) {
  const told: unknown[] = [];
  const traces: Request['trace'][] = [];
  let answer: () => Promise<unknown> = async () => ({});
  const asking: Asking = {
    execute: (_name, _input, { trace }) => (traces.push(trace), answer() as Promise<Outcome>),
    ask: (_name, _args, { trace }) => (traces.push(trace), answer()),
  };
  const moments = ['2026-11-02T09:00:00.000Z', '2026-11-02T09:00:00.250Z'];
  const noting: Telemetry = {
    span: (name, parent, attributes, work) => {
      told.push([name, parent, attributes]);
      return work({
        traceparent: `00-${traceId}-2222222222222222-01`,
        set: (more) => void told.push(more),
        linkTo: () => undefined,
      });
    },
    count: (name, labels) => void told.push([name, labels]),
    observe: (name, seconds, labels) => void told.push([name, seconds, labels]),
  };
  return {
    told,
    traces,
    answers: (next: typeof answer) => (answer = next),
    asking: measured(asking, definition, {
      telemetry: telemetry ?? noting,
      clock: { now: () => moments.shift() ?? '2026-11-02T09:00:01.000Z' },
    }),
  };
}

describe('what is asked', () => {
  it('is a span under the caller’s step, and goes on in it', async () => {
    const { asking, told, traces } = world();
    await asking.execute('refer', {}, request);
    expect(told).toEqual([
      ['command', `00-${traceId}-00f067aa0ba902b7-01`, { operation: 'refer' }],
      { outcome: 'done' },
      ['convenant_commands_total', { command: 'refer', outcome: 'done' }],
      ['convenant_operation_seconds', 0.25, { operation: 'refer' }],
    ]);
    expect(traces).toEqual([{ traceId, spanId: '2222222222222222', parentSpanId: '00f067aa0ba902b7' }]);
  });

  it('keeps the step that it had when no spans are kept', async () => {
    const { asking, traces } = world(noTelemetry);
    await asking.ask('read', {}, request);
    const { parentSpanId: _parent, ...begunHere } = request.trace;
    await asking.ask('read', {}, { ...request, trace: begunHere });
    expect(traces).toEqual([request.trace, begunHere]);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['a refusal', 'twice', async () => ({ refused: { code: 'twice', nl: '', en: '' } })],
    ['a refused answer', 'nobody-found', () => Promise.reject(new AnswerRefused(inWords('nobody-found')))],
    ['a log that is away', 'log-unavailable', () => Promise.reject(new AccessLogUnavailable('store', new Error()))],
    ['anything else', 'broken', () => Promise.reject(new TypeError('of Testpersoon'))],
  ])('is counted by its code: %s', async (_, outcome, answer) => {
    const { asking, told, answers } = world();
    answers(answer);
    const settled = async (doing: Promise<unknown>) => doing.catch((error: unknown) => error);
    expect(await settled(asking.execute('refer', {}, request))).toEqual(await settled(answer()));
    expect(told).toContainEqual(['convenant_commands_total', { command: 'refer', outcome }]);
    expect(JSON.stringify(told)).not.toContain('Testpersoon');
  });

  it('is not counted when it is not declared: a name is what the caller makes of it', async () => {
    const { asking, told, traces } = world();
    await asking.ask('999990019', {}, request);
    await asking.ask('refer', {}, request);
    expect([told, traces]).toEqual([[], [request.trace, request.trace]]);
  });
});
