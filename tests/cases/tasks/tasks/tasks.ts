import { api, APIError, HttpStatus, type Header, type Query } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";
import { Priority, type Draft, type Page, type State, type Summary, type Task } from "./model";

const tasks = new Map<number, Task>();
let writes = 0;

function find(id: number): Task {
  const task = tasks.get(id);
  if (!task) throw APIError.notFound(`task ${id} not found`);
  return task;
}

interface Created extends Task {
  status: HttpStatus;
  location: Header<"Location">;
}

export const create = api({ method: "POST", path: "/tasks", expose: true }, async (draft: Draft): Promise<Created> => {
  writes++;
  const task: Task = { priority: Priority.Low, ...draft, id: tasks.size + 1, state: "open" };
  tasks.set(task.id, task);
  return { ...task, status: HttpStatus.Created, location: `/tasks/${task.id}` };
});

export const get = api({ method: "GET", path: "/tasks/:id", expose: true }, async ({ id }: { id: number }): Promise<Task> => find(id));

export const update = api(
  { method: ["PATCH", "PUT"], path: "/tasks/:id", expose: true },
  async ({ id, ...changes }: { id: number } & Partial<Draft> & { state?: State }): Promise<Task> => {
    writes++;
    return Object.assign(find(id), changes);
  },
);

export const remove = api({ method: "DELETE", path: "/tasks/:id", expose: true }, async ({ id }: { id: number }): Promise<void> => {
  find(id);
  tasks.delete(id);
});

interface ListRequest {
  state?: State;
  after?: Query<number, "from">;
  limit?: number & (Min<1> & Max<10>);
  done?: boolean;
  ids?: number[];
  client?: Header<"X-Client">;
}

interface ListResponse extends Page<Summary> {
  client: Header<"X-Served-For">;
}

export const list = api(
  { method: "GET", path: "/tasks", expose: true },
  async ({ state, after = 0, limit = 2, done, ids, client = "nobody" }: ListRequest): Promise<ListResponse> => {
    const found = [...tasks.values()].filter(
      (task) =>
        task.id > after &&
        (state === undefined || task.state === state) &&
        (done === undefined || (task.state === "done") === done) &&
        (ids === undefined || ids.includes(task.id)),
    );
    const items = found.slice(0, limit).map(({ id, title, state }) => ({ id, title, state }));
    const last = items.at(-1);
    return { items, ...(last && found.length > limit ? { next: last.id } : {}), client };
  },
);

export const statistics = api({ method: "GET", path: "/statistics", expose: true }, async (): Promise<{ writes: number }> => ({ writes }));
