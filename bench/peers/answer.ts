// The other side of `child.ts`: a program that answers requests, one JSON line each.
import { createInterface } from "node:readline";

/** Answers each request by the function of its `op`, one after the other, until the input ends. */
export async function answerRequests(
  operations: Readonly<Record<string, (request: never) => Promise<object>>>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as { readonly op: string };
    try {
      const operation = operations[request.op];
      if (!operation) throw new Error(`no operation ${request.op}`);
      console.log(JSON.stringify(await operation(request as never)));
    } catch (error) {
      console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  }
}
