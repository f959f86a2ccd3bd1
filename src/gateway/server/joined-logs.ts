import type { GatewayLog } from "./gateway-log.js";

/** Several logs as one. */
export function joinedLogs(logs: readonly GatewayLog[]): GatewayLog {
  return {
    session: (client) => {
      const sessions = logs.map((log) => log.session(client));
      return {
        begin: (statement) => {
          const ends = sessions.map((session) => session.begin(statement));
          return (event) => {
            for (const end of ends) end(event);
          };
        },
        end: () => {
          for (const session of sessions) session.end();
        },
      };
    },
    refused: (error, address) => {
      for (const log of logs) log.refused(error, address);
    },
    canceled: (by) => {
      for (const log of logs) log.canceled(by);
    },
  };
}
