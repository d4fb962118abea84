/** How a handler answers: what the rules said, with the reference of what was made. */
import type { RepresentationBasis } from '@convenant/consent';
import type { CommandAnswer, CommandContext } from '@convenant/host';
import { login, loginEvents, loginStream } from '@convenant/shared-domain';
import { fold, type Ran } from '@convenant/kernel';

export const answered = (ran: Ran<unknown, string>, id?: string): CommandAnswer =>
  'refused' in ran ? { refused: ran.refused } : { done: id === undefined ? {} : { id } };

/** In whose name the client's side speaks, and the ground that stands on a representative's own login. */
export async function spokenBy(
  context: CommandContext,
): Promise<{ readonly by: 'client' | 'representative'; readonly basis: RepresentationBasis | undefined }> {
  if (context.session.role !== 'representative') return { by: 'client', basis: undefined };
  const { basis } = fold(login, await context.history(loginEvents, loginStream(context.session.person)));
  return { by: 'representative', basis };
}
