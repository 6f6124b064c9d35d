// A static server of one folder, and what it sent: the tests count what a page fetches.
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Headers that set a page apart from others, which SharedArrayBuffer asks for. */
export const isolating = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const;

export interface Sent {
  readonly name: string;
  /** Bytes as a server sends them, by gzip. */
  readonly bytes: number;
}

export class StaticServer {
  readonly sent: Sent[] = [];

  private constructor(private readonly server: http.Server) {}

  static async of(folder: string, headers: Readonly<Record<string, string>>): Promise<StaticServer> {
    const server = http.createServer((request, response) => {
      const name = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
      const file = path.join(folder, name);
      if (!file.startsWith(folder) || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
        response.writeHead(404).end();
        return;
      }
      const data = fs.readFileSync(file);
      made.sent.push({ name, bytes: gzipSync(data, { level: 9 }).length });
      response.writeHead(200, { "Content-Type": types[path.extname(file)] ?? "application/octet-stream", ...headers });
      response.end(data);
    });
    const made = new StaticServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  url(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
