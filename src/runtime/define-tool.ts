import type { z } from "zod";
import type { ToolHead, Work } from "../definition/tool.ts";

/** A tool as its module says it: what the model sees, what it takes, and how it is carried out. */
export type ToolDefinition = ToolHead & Work & { readonly input: z.ZodObject };

/** Every expression text within `T`, at any depth. */
type Texts<T> = T extends string ? T : T extends object ? { [K in keyof T]: Texts<T[K]> }[keyof T] : never;

/** `"$inputs.a#/b"` and `"… {$inputs.a} …"` → `"a"`. */
type InputsIn<Text> = Text extends `$inputs.${infer Rest}`
  ? Head<Rest>
  : Text extends `${string}{$inputs.${infer Rest}}${infer Tail}`
    ? Head<Rest> | InputsIn<Tail>
    : never;
type Head<Text extends string> = Text extends `${infer Name}#${string}` ? Name : Text;

/** What a call sends: `when` only looks at an argument, it does not send it. */
type Sent<T> = T extends { readonly steps: infer S extends readonly unknown[] }
  ? SentByCalls<S[number]>
  : T extends { readonly routes: infer R extends readonly unknown[] }
    ? InputsOf<R[number]>
    : InputsOf<T>;
type SentByCalls<S> = S extends { readonly calls: infer C extends readonly unknown[] } ? InputsOf<C[number]> : never;
type InputsOf<C> =
  | (C extends { readonly request: infer R } ? InputsIn<Texts<R>> : never)
  | (C extends { readonly pagination: object } ? "limit" | "cursor" : never);

type Declared<T> = T extends { readonly input: { readonly shape: infer S } } ? keyof S & string : never;

type NeverSent<T> = Exclude<Declared<T>, Sent<T>>;
type NeverDeclared<T> = Exclude<Sent<T>, Declared<T>>;

type Checked<T> = [NeverSent<T>] extends [never]
  ? [NeverDeclared<T>] extends [never]
    ? unknown
    : { readonly "sent but not declared in input": NeverDeclared<T> }
  : { readonly "declared in input but never sent": NeverSent<T> };

/**
 * Declares a tool. The compiler refuses an argument that is declared and never sent, and one that is sent and never declared;
 * `limit` and `cursor` belong to `pagination`.
 */
export function defineTool<const T extends ToolDefinition>(tool: T & Checked<T>): T {
  return tool;
}
