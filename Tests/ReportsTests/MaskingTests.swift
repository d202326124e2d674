import Retention
import Testing

@testable import Reports

@Suite("Masking")
struct MaskingTests {
  @Test("a mobile number keeps three and four digits, however it is written")
  func phones() {
    #expect(Masking.phone("13812341234") == "138****1234")
    #expect(Masking.phone("+86 138-1234-1234") == "138****1234")
    #expect(Masking.phone("１３８１２３４１２３４") == "138****1234")
    #expect(Masking.phone("0755-12345678") == "075*****5678")
  }

  @Test("short numbers give little or nothing away")
  func shortPhones() {
    #expect(Masking.phone("12345678") == "12****78")
    #expect(Masking.phone("110") == "***")
    #expect(Masking.phone("") == "" && Masking.phone("n/a") == "")
  }

  @Test("a name keeps its first character and says nothing about its length")
  func names() {
    #expect(Masking.name("张三") == "张**" && Masking.name("张小三") == "张**")
    #expect(Masking.name("Jane Miller") == "J***" && Masking.name("Al") == "A***")
    #expect(Masking.name("  ") == "")
  }

  @Test("a plate keeps region and last three characters")
  func plates() {
    #expect(Masking.plate("粤B45123") == "粤B·**123" && Masking.plate("粤B·45123") == "粤B·**123")
    #expect(Masking.plate("粤BD45123") == "粤B·***123")
    #expect(Masking.plate("AB12 CDE") == "****CDE")
    #expect(Masking.plate("AB1") == "***")
  }
}
