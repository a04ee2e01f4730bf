"""The library as pages that work offline: words, pictures, search and the writing of the folder."""
