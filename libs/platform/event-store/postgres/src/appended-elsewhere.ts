/** Hears that another process appended, on one connection of its own; a hint that readers may miss, because they also poll. */
import pg from 'pg';

/** Connects again by itself after the connection broke. The returned function ends it. */
export function onAppendedElsewhere(
  connectionString: string,
  organisation: string,
  heard: () => void,
): () => Promise<void> {
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let over = false;

  const listen = async (): Promise<void> => {
    const own = new pg.Client({
      connectionString,
      application_name: `convenant ${organisation} hints`,
      keepAlive: true,
    });
    client = own;
    own.on('notification', heard);
    own.on('error', () => undefined);
    own.once('end', () => {
      if (!over) again = setTimeout(() => void listen(), 1_000).unref();
    });
    try {
      await own.connect();
      await own.query('listen convenant_appended');
      // What was appended while nobody listened.
      heard();
    } catch {
      await own.end().catch(() => undefined);
    }
  };
  const started = listen();
  return async () => {
    over = true;
    clearTimeout(again);
    await started;
    await client?.end().catch(() => undefined);
  };
}
