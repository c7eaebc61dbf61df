import { openVault } from "../../../src/runtime/vault/open-vault.ts";
import { fileVault } from "../../../src/runtime/vault/file-vault.ts";
import { StartError } from "../../../src/runtime/load/start-error.ts";

// Another user of this machine, who tries to use a vault that is not his: says what he is told.
const [stateDirectory = ""] = process.argv.slice(2);
const key = { id: "one", key: new Uint8Array(32) };
const vault = fileVault(`${stateDirectory}/vault`, [key]);
const tries: readonly (() => unknown)[] = [
  () => openVault({ stateDirectory, environment: {} }),
  async () => await vault.get("acme.person", "ann"),
  async () => await vault.set("acme.person", "ann", 1),
  async () => await vault.list("acme.person"),
  async () => await vault.delete("acme.person", "ann"),
];
for (const attempt of tries) {
  try {
    console.log(JSON.stringify(["done", await attempt()]));
  } catch (error) {
    const told = error instanceof StartError ? [error.message, error.help] : ["bug", String(error)];
    console.log(JSON.stringify(told));
  }
}
