/** Where saved queries are. What it cannot do it says in an error's message. */
export interface StudioQueries {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<string>;
  write(name: string, sql: string): Promise<unknown>;
  remove(name: string): Promise<void>;
}
