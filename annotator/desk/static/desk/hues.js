/** Gives each label its scheme's hue: styles in attributes are forbidden here, the object model is not. */
for (const marked of document.querySelectorAll("[data-hue]")) {
  if (marked.dataset.hue) marked.style.setProperty("--hue", marked.dataset.hue);
}
