import fc from "fast-check";

/** Strings of any script, with what breaks naive counting mixed in; no lone surrogates, which the server refuses. */
export const texts = fc.array(fc.oneof(
  fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }),
  fc.constantFrom("\r\n", "\r", "\n", "  ", "👩‍👩‍👧", "𝒜", "e\u0301", "قال العمدة", "שלום", "<b>&amp;</b>", "\u202e", "\ufeff", "हिन्दी", "𐍈"),
), { maxLength: 30 }).map((parts) => parts.join(""));
