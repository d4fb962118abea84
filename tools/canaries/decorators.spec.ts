/** Proves how tests are compiled: ES modules, decorators with an explicit token and no metadata, JSON and relative imports ending in .js. */
import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as kernel from '@convenant/kernel';

abstract class Greeting {
  abstract words(): string;
}

class Greeter {
  constructor(@Inject(Greeting) private readonly greeting: Greeting) {}
  greet() {
    return this.greeting.words();
  }
}

@Module({ providers: [Greeter, { provide: Greeting, useValue: { words: () => 'hello' } }] })
class GreetingModule {}

describe('the compiler the tests use', () => {
  it('injects by an explicit token', async () => {
    const context = await NestFactory.createApplicationContext(GreetingModule, { logger: false });
    expect(context.get(Greeter).greet()).toBe('hello');
    await context.close();
  });

  it('emits no types of constructor arguments', () => {
    expect(Reflect.getMetadata('design:paramtypes', Greeter)).toBeUndefined();
  });

  it('finds the packages of the workspace at their source', () => {
    expect(kernel).toBeDefined();
    expect(import.meta.url).toMatch(/\.ts$/);
  });
});
