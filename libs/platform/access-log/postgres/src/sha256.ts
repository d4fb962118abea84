/** The hash of the chain: SHA-256 over UTF-8, as 43 characters. */
import { hash } from 'node:crypto';
import type { Hash } from '@convenant/access-log';

export const sha256: Hash = (text) => hash('sha256', text, 'base64url');
