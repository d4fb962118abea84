/** Counts and follows what is asked: how often, what came of it, how long it took, and in which trace. Nothing of the question and nothing of the answer. */
import { AccessLogUnavailable } from '@convenant/access-log';
import { secondsBetween } from '@convenant/kernel';
import { AnswerRefused } from './answers.js';
import type { Asking } from './asking.js';
import type { Ports, Request, ServiceDefinition } from './definition.js';
import { traceparentOf, traceWithin } from './trace.js';

/** The same asking; what is not declared passes by uncounted. */
export function measured(
  asking: Asking,
  { commands, queries }: ServiceDefinition,
  { telemetry, clock }: Pick<Ports, 'telemetry' | 'clock'>,
): Asking {
  const names = {
    command: new Set(commands.map(({ name }) => name)),
    query: new Set(queries.map(({ name }) => name)),
  };

  const follow = async <T>(
    kind: 'command' | 'query',
    name: string,
    request: Request,
    work: (request: Request) => Promise<T>,
    outcomeOf: (answer: T) => string,
  ): Promise<T> => {
    if (!names[kind].has(name)) return work(request);
    const { traceId, parentSpanId } = request.trace;
    const parent = parentSpanId ? traceparentOf(traceId, parentSpanId) : undefined;
    const startedAt = clock.now();
    return telemetry.span(kind, parent, { operation: name }, async (span) => {
      const ended = (outcome: string): void => {
        span.set({ outcome });
        if (kind === 'command') telemetry.count('convenant_commands_total', { command: name, outcome });
        else telemetry.count('convenant_queries_total', { query: name, outcome });
        telemetry.observe('convenant_operation_seconds', secondsBetween(startedAt, clock.now()), { operation: name });
      };
      try {
        const answer = await work({ ...request, trace: traceWithin(request.trace, span.traceparent) });
        ended(outcomeOf(answer));
        return answer;
      } catch (error) {
        ended(codeOf(error));
        throw error;
      }
    });
  };

  return {
    execute: (name, input, request) =>
      follow(
        'command',
        name,
        request,
        (within) => asking.execute(name, input, within),
        ({ refused }) => refused?.code ?? 'done',
      ),
    ask: (name, args, request) =>
      follow(
        'query',
        name,
        request,
        (within) => asking.ask(name, args, within),
        () => 'done',
      ),
  };
}

const codeOf = (error: unknown): string => {
  if (error instanceof AnswerRefused) return error.refused.code;
  return error instanceof AccessLogUnavailable ? 'log-unavailable' : 'broken';
};
