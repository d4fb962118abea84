/** Finds where an issuer keeps its keys, from its own discovery document. */

/** Rejects when the document cannot be had, or speaks for another issuer than the one asked. */
export async function discoverKeysAddress(issuer: string): Promise<string> {
  const response = await fetchOnceMore(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`The discovery document of the issuer answered ${response.status}.`);
  const document: unknown = await response.json();
  if (typeof document !== 'object' || document === null)
    throw new Error('The discovery document of the issuer is not an object.');
  const { issuer: stated, jwks_uri: keysAddress } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (stated !== issuer) throw new Error('The discovery document speaks for another issuer.');
  if (typeof keysAddress !== 'string') throw new Error('The discovery document names no keys.');
  return keysAddress;
}

/**
 * As `fetch`, but a connection that broke is tried once more: when an issuer was restarted, the kept connection is found dead at the
 * next use. For questions only, which may be asked twice.
 */
export async function fetchOnceMore(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return fetch(address, options);
  }
}
