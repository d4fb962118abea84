/** The page at `/`: GraphiQL with sign-in as any demo person and the story's questions ready to run, all of it from this machine. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { roleNames, type Role } from '@convenant/consent';
import type { Sentence } from '@convenant/kernel';
import { refusalBody } from './refusals.js';

/** Somebody who exists for demonstrations only. */
export interface PageDemoPerson {
  /** What the sign-in page of the issuer is told beforehand. */
  readonly account: string;
  readonly name: string;
  readonly role: Role;
  /** The pairwise subject in this person's tokens, so that the page names who really signed in. */
  readonly subject?: string;
}
export interface PageOrganisation {
  readonly id: string;
  readonly name: string;
  /** As which public client the page is known to the issuer; its redirect address is `<this gateway>/signed-in`. */
  readonly clientId: string;
  readonly people: readonly PageDemoPerson[];
}
export interface PageSettings {
  readonly organisations: readonly PageOrganisation[];
}

/** What the page is told: the same, with issuers and with roles in words. */
export interface PageFacts {
  readonly organisations: readonly (Omit<PageOrganisation, 'people'> & {
    readonly issuer: string;
    readonly people: readonly (PageDemoPerson & { readonly roleName: Sentence })[];
  })[];
}
export const pageToken = Symbol('page');
export const pageFacts = ({ organisations }: PageSettings, issuerOf: (id: string) => string): PageFacts => ({
  organisations: organisations.map((each) => ({
    ...each,
    issuer: issuerOf(each.id),
    people: each.people.map((person) => ({ ...person, roleName: roleNames[person.role] })),
  })),
});

const { resolve } = createRequire(import.meta.url);
/** Prebuilt files that the packages carry but do not export. */
const packaged = (name: string, file: string): string => join(dirname(resolve(`${name}/package.json`)), file);
/** From the sources and from the built files alike. */
const own = (name: string): string => fileURLToPath(new URL(`../src/page/${name}`, import.meta.url));
const html = 'text/html; charset=utf-8';
const script = 'text/javascript; charset=utf-8';
const styles = 'text/css; charset=utf-8';

/** Everything that is served, by name; there is no way to ask for another file. */
export const pageFiles: Readonly<Record<string, { readonly path: () => string; readonly type: string }>> = {
  'page.js': { path: () => own('page.js'), type: script },
  'asking.js': { path: () => own('asking.js'), type: script },
  'story.js': { path: () => own('story.js'), type: script },
  'sign-in.js': { path: () => own('sign-in.js'), type: script },
  'signed-in.js': { path: () => own('signed-in.js'), type: script },
  'page.css': { path: () => own('page.css'), type: styles },
  'react.js': { path: () => packaged('react', 'umd/react.production.min.js'), type: script },
  'react-dom.js': { path: () => packaged('react-dom', 'umd/react-dom.production.min.js'), type: script },
  'graphiql.js': { path: () => packaged('graphiql', 'graphiql.min.js'), type: script },
  'graphiql.css': { path: () => packaged('graphiql', 'graphiql.min.css'), type: styles },
};

@Controller()
export class PageEndpoint {
  constructor(@Inject(pageToken) private readonly facts: PageFacts) {}

  @Get()
  page(@Res() reply: FastifyReply): Promise<void> {
    return this.serve(reply, own('index.html'), html);
  }

  /** Where the issuer sends the browser back to; it hands the code to the page that asked, and closes. */
  @Get('signed-in')
  signedIn(@Res() reply: FastifyReply): Promise<void> {
    return this.serve(reply, own('signed-in.html'), html);
  }

  @Get('operations.json')
  operations(@Res() reply: FastifyReply): Promise<void> {
    return this.serve(reply, own('operations.json'), 'application/json');
  }

  @Get('settings.json')
  demoSettings(@Res() reply: FastifyReply): void {
    void this.guard(reply).send(this.facts);
  }

  @Get('page/:file')
  async file(@Param('file') name: string, @Res() reply: FastifyReply): Promise<void> {
    const file = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
    if (!file) return void reply.code(404).send(refusalBody('not-found'));
    await this.serve(reply, file.path(), file.type);
  }

  private async serve(reply: FastifyReply, path: string, type: string): Promise<void> {
    void this.guard(reply)
      .type(type)
      .send(await readFile(path));
  }

  /** The browser itself refuses whatever would come from, or go to, another place than this gateway and the issuer. */
  private guard(reply: FastifyReply): FastifyReply {
    return reply.headers({
      'content-security-policy': contentSecurityPolicy(this.facts.organisations.map(({ issuer }) => issuer)),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
  }
}

export const contentSecurityPolicy = (issuers: readonly string[]): string =>
  [
    "default-src 'self'",
    ["connect-src 'self'", ...new Set(issuers.map((issuer) => new URL(issuer).origin))].join(' '),
    "font-src 'self' data:",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
