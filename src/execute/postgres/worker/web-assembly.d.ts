/** What is used of Node's WebAssembly, which the declarations of ES2023 leave to browsers. */
declare namespace WebAssembly {
  class Module {
    private constructor();
  }

  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum: number; readonly shared: true });
    /** Another one once the memory has grown. */
    readonly buffer: SharedArrayBuffer;
  }

  function compile(bytes: Uint8Array): Promise<Module>;
}
