import type { z } from "zod";
import type { ToolHead, Work } from "../definition/tool.ts";

/** A tool as its module says it: what the model sees, what it takes, and how it is carried out. */
export type ToolDefinition = ToolHead & Work & { readonly input: z.ZodObject };

/** Every expression text within `T`, at any depth. */
type Texts<T> = T extends string ? T : T extends object ? { [K in keyof T]: Texts<T[K]> }[keyof T] : never;

/** `"$inputs.a#/b"`, `"… {$inputs.a} …"` and `"… {$inputs.a:html} …"` → `"a"`. */
type InputsIn<Text> = Text extends `$inputs.${infer Rest}`
  ? Head<Rest>
  : Text extends `${string}{$inputs.${infer Rest}}${infer Tail}`
    ? Head<Rest> | InputsIn<Tail>
    : never;
type Head<Text extends string> = Text extends `${infer Name}${"#" | ":"}${string}` ? Head<Name> : Text;

/** `"!$inputs.a || $inputs.b == 1"` → `"a" | "b"`, in conditions, whose expressions stand anywhere. */
type Mentioned<Text> = Text extends `${string}$inputs.${infer Rest}` ? Word<Rest> | Mentioned<Rest> : never;
type Word<Text extends string> = Text extends `${infer Name}${"#" | " "}${string}` ? Word<Name> : Text;

/** What a tool uses of its arguments. Of several calls to choose among, `when` only looks at an argument and does not send it. */
type Sent<T> =
  | (T extends { readonly steps: infer S extends readonly unknown[] }
      ? UsedBy<S[number]> | PagingOf<CallsOf<Last<S>>>
      : T extends { readonly routes: infer R extends readonly unknown[] }
        ? SentBy<R[number]> | PagingOf<R[number]>
        : SentBy<T> | PagingOf<T>)
  | (T extends { readonly result: { readonly value: infer V } } ? InputsIn<Texts<V>> : never);
type SentBy<C> = C extends { readonly request: infer R } ? InputsIn<Texts<R>> : never;
type PagingOf<C> = C extends { readonly pagination: infer P extends object }
  ?
      | "limit"
      | "cursor"
      | (P extends { readonly filter: true } ? "filter" : never)
      | (P extends { readonly sort: true } ? "sort" : never)
  : never;

/** What a step uses: what it sends, what decides whether it is carried out or the last, what is looked up. */
type UsedBy<S> =
  | SentBy<CallsOf<S>>
  | (CallsOf<S> extends infer C ? (C extends { readonly when: infer W } ? Mentioned<Texts<W>> : never) : never)
  | (S extends { readonly outputs: infer O } ? InputsIn<Texts<O>> : never)
  | (S extends { readonly stop: { readonly when: infer W; readonly message: infer M } }
      ? Mentioned<Texts<W>> | InputsIn<Texts<M>>
      : never);
type CallsOf<S> = S extends { readonly calls: infer C extends readonly unknown[] } ? C[number] : S;
type Last<S extends readonly unknown[]> = S extends readonly [...unknown[], infer L] ? L : never;

type Declared<T> = T extends { readonly input: { readonly shape: infer S } } ? keyof S & string : never;

/** What a tool takes besides what it sends: the person's yes, where it asks for one. */
type Taken<T> = Sent<T> | (T extends { readonly confirm: true } ? "confirm" : never);

type NeverSent<T> = Exclude<Declared<T>, Taken<T>>;
type NeverDeclared<T> = Exclude<Taken<T>, Declared<T>>;

type Checked<T> = [NeverSent<T>] extends [never]
  ? [NeverDeclared<T>] extends [never]
    ? unknown
    : { readonly "sent but not declared in input": NeverDeclared<T> }
  : { readonly "declared in input but never sent": NeverSent<T> };

/**
 * Declares a tool. The compiler refuses an argument that is declared and never sent, and one that is sent and never declared;
 * `limit`, `cursor`, `filter` and `sort` belong to `pagination`.
 */
export function defineTool<const T extends ToolDefinition>(tool: T & Checked<T>): T {
  return tool;
}
