/** What a read of the driver yields, to its end: one that is left half way keeps its stream open. */
import { StreamNotFoundError } from '@kurrent/kurrentdb-client';
import type { RecordedEvent } from '@kurrent/kurrentdb-client';

/** Without links to resolve, the event is always there. */
export type Reading = AsyncIterable<{ readonly event?: RecordedEvent }>;

/** Empty for a stream that does not exist. */
export async function recordsOf(reading: Reading, progress?: () => void): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  try {
    for await (const { event } of reading) {
      progress?.();
      if (event) records.push(event);
    }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
  return records;
}
