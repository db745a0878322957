/** What a form of this page proves that it is ours with. */
export const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
