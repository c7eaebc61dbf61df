import { defineCommand, UsageError } from "../command.ts";
import { deploy } from "../deploy.ts";
import { generatedApis, servingProject } from "../project.ts";
import { signInCredential } from "../sign-in.ts";

export const command = defineCommand({
  usage: "API [CREDENTIAL]",
  about: `Ends a sign-in: gives the tokens back to the vendor, where it takes them (revocation_url in tools.yaml), and removes them
from the state directory in any case. Servers that run notice at their next call.`,
  options: {
    server: {
      type: "string",
      multiple: true,
      value: "[NAME=]URL",
      help: "the one that was signed in to with --server",
    },
    config: { type: "string", value: "FILE", help: "the project's tools.yaml" },
  },
  examples: [["toolwright logout {api}", "sign out"]],
  async run({ positionals, values, terminal, project = servingProject(values.config) }) {
    const [api, named, ...others] = positionals;
    const apis = project.packed?.name ?? generatedApis(project).join(", ");
    if (api === undefined || others.length > 0)
      throw new UsageError(`logout: name one API, and its credential if it has several; there is ${apis}`);
    const servers = values.server ?? [];
    const destination = { sandbox: false, servers, readOnly: false, uploadRoots: [], signIn: { named } };
    const deployed = await deploy(project, [api], destination);
    try {
      const [deployment] = deployed.deployments;
      if (!deployment) throw new UsageError(`logout: there is no API "${api}"`);
      const { logout } = await import("../../runtime/credentials/login.ts");
      const { title } = deployment.api.definition;
      const { removed, revoked } = await logout(deployment, signInCredential(deployment, named, "logout"));
      if (!removed) terminal.note(`Nobody was signed in to ${title}.`);
      else if (revoked === true) terminal.note(`Signed out of ${title}; the vendor took the tokens back.`);
      else if (revoked === false)
        terminal.note(`Signed out of ${title} here, but the vendor did not take the tokens back: revoke them there.`);
      else
        terminal.note(
          `Signed out of ${title} here. The vendor has no place to give tokens back to: they end by themselves.`,
        );
      return 0;
    } finally {
      await deployed.close();
    }
  },
});
