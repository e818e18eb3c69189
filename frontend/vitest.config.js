import { defineConfig } from "vitest/config";

// Pure modules are tested as they are; a test that needs a page says `// @vitest-environment jsdom` in its first line.
export default defineConfig({
  test: {
    include: ["**/*.test.js"],
    environment: "node",
    maxWorkers: 2,
    restoreMocks: true,
  },
});
