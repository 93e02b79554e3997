/** Runs an object store on loopback, which refuses what is not signed with its secret. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";

const SUFFIX = "._S3rver_object";

export class ObjectStore {
  readonly #folder: string;
  readonly #server: S3rver;
  readonly #port: number;

  private constructor(folder: string, server: S3rver, port: number) {
    this.#folder = folder;
    this.#server = server;
    this.#port = port;
  }

  /** @param folder where it keeps its objects: a new one */
  static async start(folder: string, bucket: string): Promise<ObjectStore> {
    const server = new S3rver({
      address: "127.0.0.1",
      port: 0,
      silent: true,
      directory: folder,
      configureBuckets: [{ name: bucket }],
    });
    return new ObjectStore(folder, server, (await server.run()).port);
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.#port}`,
      AWS_ACCESS_KEY_ID: "S3RVER",
      AWS_SECRET_ACCESS_KEY: "S3RVER",
    };
  }

  /** Undefined where there is none. */
  object(bucket: string, key: string): Buffer | undefined {
    const file = join(this.#folder, bucket, `${key}${SUFFIX}`);
    return existsSync(file) ? readFileSync(file) : undefined;
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }
}
