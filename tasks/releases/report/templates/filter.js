const box = document.getElementById("filter");
const shown = document.getElementById("filter-shown");
const documents = [...document.querySelectorAll("details.document")];
box.closest("label").hidden = false;
box.addEventListener("input", () => {
  const words = box.value.toLocaleLowerCase().trim();
  let count = 0;
  for (const entry of documents) {
    entry.hidden = !entry.textContent.toLocaleLowerCase().includes(words);
    count += entry.hidden ? 0 : 1;
  }
  shown.textContent = words ? `${count} of ${documents.length}` : "";
});
