// Draws the description of the API. Everything is built as text nodes, so nothing in the description can become markup.

const METHODS = ["get", "post", "put", "delete"];

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
}

// `code` inside a line.
function inline(text) {
  return text.split(/(`[^`]+`)/).map((part) => (part.startsWith("`") && part.length > 2 ? make("code", {}, part.slice(1, -1)) : part));
}

// Paragraphs and lists, which is all the Markdown that the descriptions use.
function prose(text) {
  return (text ?? "")
    .split(/\n{2,}/)
    .filter((block) => block.trim())
    .map((block) => {
      const lines = block.split("\n");
      if (lines.every((line) => line.startsWith("- "))) {
        return make("ul", {}, lines.map((line) => make("li", {}, inline(line.slice(2)))));
      }
      return make("p", {}, inline(lines.join(" ")));
    });
}

const nameOf = (reference) => reference.split("/").pop();

// A type in words, with links to what it names.
function kind(schema) {
  if (!schema) return ["anything"];
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return [make("a", { href: `#schema-${name}` }, name)];
  }
  const choices = (schema.oneOf ?? schema.anyOf)?.filter((choice) => choice.type !== "null");
  if (choices) {
    const words = choices.flatMap((choice, at) => (at ? [" or ", ...kind(choice)] : kind(choice)));
    return choices.length < (schema.oneOf ?? schema.anyOf).length ? [...words, " or null"] : words;
  }
  if (schema.allOf) return schema.allOf.flatMap((part, at) => (at ? [" with ", ...kind(part)] : kind(part)));
  if (schema.enum) return schema.enum.flatMap((value, at) => (at ? [" | ", make("code", {}, String(value))] : [make("code", {}, String(value))]));
  const types = [schema.type ?? "object"].flat();
  if (types.includes("array")) return ["list of ", ...kind(schema.items), types.includes("null") ? " or null" : ""];
  if (schema.additionalProperties) return ["map to ", ...kind(schema.additionalProperties)];
  return [types.join(" or ")];
}

function bounds(schema = {}) {
  const words = [];
  if (schema.minimum !== undefined && schema.maximum !== undefined) words.push(`${schema.minimum} to ${schema.maximum}`);
  if (schema.maxLength !== undefined) words.push(`at most ${schema.maxLength} characters`);
  if (schema.default !== undefined && schema.default !== null) words.push(`default ${schema.default}`);
  return words.length ? `, ${words.join(", ")}` : "";
}

function entry(name, schema, required, description) {
  return [
    make(
      "dt",
      {},
      make("code", {}, name),
      make("span", { class: "kind" }, kind(schema), bounds(schema)),
      required ? make("span", { class: "need" }, "required") : undefined,
    ),
    make("dd", {}, prose(description ?? schema?.description)),
  ];
}

function properties(schema) {
  const parts = schema.allOf ?? [schema];
  return parts.flatMap((part) => {
    if (part.$ref) return [make("dt", {}, "everything of ", kind(part))];
    const fields = Object.entries(part.properties ?? {});
    return fields.flatMap(([name, field]) => entry(name, field, part.required?.includes(name)));
  });
}

function operation(api, path, method, described) {
  const answer = ([status, response]) => {
    const known = response.$ref ? api.components.responses[nameOf(response.$ref)] : response;
    const content = Object.entries(known.content ?? {});
    const kinds = content.flatMap(([media, { schema }]) =>
      media === "application/json" ? kind(schema) : media.includes("problem") ? [] : [media],
    );
    return [
      make("dt", {}, make("code", {}, status), make("span", { class: "kind" }, kinds)),
      make("dd", {}, prose(known.description)),
    ];
  };
  const answers = Object.entries(described.responses);
  const good = answers.filter(([status]) => status < "400");
  const bad = answers.filter(([status]) => status >= "400");
  const body = described.requestBody?.content?.["application/json"]?.schema;
  const scopes = described.security?.flatMap((scheme) => scheme.bearer ?? []) ?? [];
  const needs = described.security ? (scopes.length ? `needs the scope ${scopes.join(", ")}` : "needs a token") : "open to anybody";
  return make(
    "article",
    { id: described.operationId },
    make("h3", {}, described.summary),
    make(
      "p",
      { class: "route" },
      make("span", { class: `method ${method}` }, method.toUpperCase()),
      make("span", { class: "path" }, path),
      make("span", { class: "scope" }, needs),
    ),
    prose(described.description),
    described.parameters?.length
      ? [
          make("h4", {}, "Parameters"),
          make(
            "dl",
            {},
            described.parameters.flatMap((parameter) =>
              entry(
                parameter.in === "path" ? `{${parameter.name}}` : parameter.name,
                parameter.schema,
                parameter.required,
                parameter.in === "header" ? `Header. ${parameter.description ?? ""}` : parameter.description,
              ),
            ),
          ),
        ]
      : [],
    body ? [make("h4", {}, "Body"), make("p", {}, kind(body))] : [],
    make("h4", {}, "Answers"),
    make("dl", {}, good.flatMap(answer)),
    make("details", { class: "answers" }, make("summary", {}, "Refusals"), make("dl", {}, bad.flatMap(answer))),
  );
}

function schemaArticle(name, schema) {
  const fields = properties(schema);
  const variants = schema.oneOf?.map((variant) => make("dl", {}, make("dt", {}, kind(variant)), properties(variant)));
  return make(
    "article",
    { id: `schema-${name}` },
    make("h3", {}, name),
    prose(schema.description),
    fields.length ? make("dl", {}, fields) : [],
    variants ?? [],
    !fields.length && !variants ? make("p", { class: "kind" }, kind(schema)) : [],
  );
}

function draw(api) {
  const content = document.getElementById("content");
  const list = document.getElementById("list");
  document.getElementById("version").textContent = api.info.version;
  const groups = api.tags.map((tag) => ({ ...tag, operations: [] }));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS) {
      const described = item[method];
      const group = described && groups.find((candidate) => candidate.name === described.tags?.[0]);
      group?.operations.push({ path, method, described });
    }
  }
  const entries = [];
  const drawn = groups.map(({ name, description, operations }) => {
    const links = operations.map(({ path, method, described }) => {
      const link = make(
        "li",
        {},
        make(
          "a",
          { href: `#${described.operationId}` },
          make("span", { class: `method ${method}` }, method.toUpperCase()),
          make("span", {}, described.summary),
        ),
      );
      entries.push({ link, text: `${method} ${path} ${described.summary} ${name}`.toLowerCase() });
      return link;
    });
    list.append(make("section", {}, make("h2", {}, name), make("ul", {}, links)));
    const articles = operations.map(({ path, method, described }) => operation(api, path, method, described));
    return make("section", {}, make("h2", { id: `tag-${name}` }, name), prose(description), articles);
  });
  const schemas = Object.entries(api.components.schemas).map(([name, schema]) => schemaArticle(name, schema));
  content.replaceChildren(
    ...prose(api.info.description),
    ...drawn,
    make("section", {}, make("h2", { id: "types" }, "types"), schemas),
  );

  document.getElementById("filter").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { link, text } of entries) link.hidden = !words.every((word) => text.includes(word));
    for (const section of list.children) section.hidden = !section.querySelector("li:not([hidden])");
  });
  // What the address names did not exist yet when the page was loaded.
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

// The list stands open beside the text where there is room for both.
const wide = matchMedia("(min-width: 60rem)");
const index = document.getElementById("index");
index.open = wide.matches;
wide.addEventListener("change", () => (index.open = wide.matches));

try {
  const response = await fetch("v1/openapi.json");
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  draw(await response.json());
} catch (error) {
  document.getElementById("state").textContent = `The description could not be loaded: ${error.message}`;
}
