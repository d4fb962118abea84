/** Puts every declared command and query on the buses of @nestjs/cqrs: one class per definition, one generic handler each. */
import { CommandHandler, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Provider, Type } from '@nestjs/common';
import type { Outcome, Request } from '../definition.js';
import type { RunningService } from '../service.js';

/** What a resolver puts on a bus. */
export interface Asked {
  readonly given: unknown;
  readonly request: Request;
}
type AskedClass = new (given: unknown, request: Request) => Asked;

const classNamed = (name: string): AskedClass => {
  const classes: Record<string, AskedClass> = {
    [name]: class implements Asked {
      constructor(
        readonly given: unknown,
        readonly request: Request,
      ) {}
    },
  };
  return classes[name] as AskedClass;
};

export interface Buses {
  readonly providers: readonly Provider[];
  readonly commands: ReadonlyMap<string, AskedClass>;
  readonly queries: ReadonlyMap<string, AskedClass>;
}

/** Fresh classes for one application: handlers of two organisations in one process never meet on a bus. */
export function busesOf(service: RunningService): Buses {
  const commands = new Map(service.definition.commands.map(({ name }) => [name, classNamed(name)]));
  const queries = new Map(service.definition.queries.map(({ name }) => [name, classNamed(name)]));
  const providers: Type[] = [];
  for (const [name, command] of commands) {
    class Handler implements ICommandHandler<Asked, Outcome> {
      execute({ given, request }: Asked): Promise<Outcome> {
        return service.execute(name, given, request);
      }
    }
    CommandHandler(command as never)(Handler);
    providers.push(Handler);
  }
  for (const [name, query] of queries) {
    class Handler implements IQueryHandler<Asked, unknown> {
      execute({ given, request }: Asked): Promise<unknown> {
        return service.ask(name, given, request);
      }
    }
    QueryHandler(query as never)(Handler);
    providers.push(Handler);
  }
  return { providers, commands, queries };
}
