/** The objects of a sandbox as it holds them, past the driver, and what others do with them meanwhile. */
export async function openWorld(sandbox) {
  const call = async (method, path, form = {}) => {
    const query = new URLSearchParams(form).toString();
    const response = await fetch(`${sandbox.url}${path}${method === "GET" && query !== "" ? `?${query}` : ""}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.apiKey}`,
        "content-type": "application/x-www-form-urlencoded",
        connection: "close",
      },
      ...(method === "POST" ? { body: query } : {}),
    });
    return response.json();
  };
  const list = async (path, more = {}) => {
    const rows = [];
    for (let after; ; after = rows.at(-1).id) {
      const page = await call("GET", path, {
        limit: 100,
        ...more,
        ...(after === undefined ? {} : { starting_after: after }),
      });
      if (!Array.isArray(page.data)) throw new Error(`the sandbox gave no list: ${JSON.stringify(page)}`);
      rows.push(...page.data);
      if (!page.has_more) return rows;
    }
  };
  let customers = await list("/v1/customers");
  return {
    sandbox,
    call,
    list,
    /** Those that were there at the beginning. */
    get customers() {
      return customers;
    },
    async begin() {
      sandbox.faults.clear();
      customers = await list("/v1/customers");
      sandbox.requests.clear();
    },
  };
}
