import type * as connectModule from "../../src/driver/connect.js";
import type * as studioModule from "../../src/studio/open-studio.js";

interface BuiltStudio {
  readonly connect: typeof connectModule.connect;
  readonly openStudio: typeof studioModule.openStudio;
}

/** The studio as it is built: its page is a file of the build. */
export async function builtStudio(): Promise<BuiltStudio> {
  const [connect, studio] = ["../../dist/driver/connect.js", "../../dist/studio/open-studio.js"];
  const modules: [typeof connectModule, typeof studioModule] = [
    await import(connect ?? ""),
    await import(studio ?? ""),
  ];
  return { connect: modules[0].connect, openStudio: modules[1].openStudio };
}
