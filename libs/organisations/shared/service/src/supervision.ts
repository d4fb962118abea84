/** A supervisor looks along on a named case (U13) and does none of its work: what all organisations have in common is not for her. */
import { AnswerRefused, hostRefusals, inWords, type AnyCommand, type AnyQuery } from '@convenant/host';

/** Those that need no relation judge for themselves whom they are for. */
const needsRelation = ({ about, relation }: Pick<AnyCommand, 'about' | 'relation'>): boolean =>
  about === 'client' && relation !== 'none';

/** To a supervisor it is refused like to anybody who does not work with the client. */
export const notForSupervision = (command: AnyCommand): AnyCommand =>
  needsRelation(command)
    ? {
        ...command,
        refusals: { ...command.refusals, 'nobody-found': hostRefusals['nobody-found'] },
        handle: async (input, context) =>
          context.relation?.kind === 'supervisor' ? { refused: 'nobody-found' } : command.handle(input, context),
      }
    : command;

export const notQueriedForSupervision = (query: AnyQuery): AnyQuery =>
  needsRelation(query)
    ? {
        ...query,
        answer: async (args, context) => {
          if (context.reader.relation?.kind === 'supervisor') throw new AnswerRefused(inWords('nobody-found'));
          return query.answer(args, context);
        },
      }
    : query;
