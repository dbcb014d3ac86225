"""A LangChain face on our retrieval, so that people can use it in their own chains.

from assistant.build import open_assistant
retriever = NotesRetriever(retriever=open_assistant(load()).retriever)
retriever.invoke("какой порог PSI считать значимым?")
"""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.retrieve.retriever import Retriever
from assistant.types import Filters


class NotesRetriever(BaseRetriever):
    """Passages as documents: the chunk's words as content, the note's fields as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    filters: Filters = Filters()
    limit: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.retriever.search(query, self.filters, self.limit)
        return [
            Document(
                page_content=passage.text,
                id=passage.chunk.chunk_id,
                metadata={
                    "note_id": passage.note.note_id,
                    "source": passage.note.source,
                    "topic": passage.note.topic,
                    "level": passage.note.level,
                    "title": passage.note.title,
                    "score": passage.score,
                    "answerable": found.answerable,
                },
            )
            for passage in found.passages
        ]
