/** The name beside a client on a list, for whoever may read it: an id alone tells nobody whom it is about. */
import type { QueryContext, Reader } from '@convenant/host';
import { clientNames } from '@convenant/shared-domain';

export async function nameOf(reader: Reader, { views }: Pick<QueryContext, 'views'>) {
  const row = await views.get(clientNames, reader.client);
  return {
    initials: await reader.open('K1', row?.initials),
    familyName: await reader.open('K1', row?.familyName),
  };
}
